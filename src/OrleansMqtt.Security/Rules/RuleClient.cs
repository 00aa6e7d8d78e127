namespace OrleansMqtt.Security.Rules;

/// <summary>Whose places rules are filled for.</summary>
/// <param name="ClientId">For <c>%c</c>.</param>
/// <param name="UserName">For <c>%u</c>; null for an anonymous client.</param>
internal readonly record struct RuleClient(string ClientId, string? UserName)
{
    /// <summary>What fills a place.</summary>
    public string? Of(char place) => place == 'c' ? ClientId : UserName;

    /// <summary>Whether a name is a plain level of a topic. One that is not would give its bearer the topics of others.</summary>
    public static bool IsLevel(string name) => name.Length > 0 && !name.AsSpan().ContainsAny('+', '#', '/');
}

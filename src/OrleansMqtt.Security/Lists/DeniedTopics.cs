namespace OrleansMqtt.Security.Lists;

/// <summary>What nobody may publish to, subscribe to or receive.</summary>
/// <param name="Topics">As topic filters; see <see cref="AllowedTopics.IsFilter"/>.</param>
/// <param name="Except">The users whom it does not bind.</param>
public sealed record DeniedTopics(IReadOnlyList<string> Topics, IReadOnlyList<string> Except);

namespace OrleansMqtt.Security.Rules;

/// <summary>A level of a filter with places: <c>%c</c> stands for the client's identifier, <c>%u</c> for its user name.</summary>
/// <param name="text">The level.</param>
internal sealed class LevelTemplate(string text)
{
    private const string ClientPlace = "%c", UserPlace = "%u";

    /// <summary>The level as it was written.</summary>
    public string Text => text;

    /// <summary>Whether a level has a place.</summary>
    public static bool HasPlace(string level) => level.Contains(ClientPlace, StringComparison.Ordinal) || level.Contains(UserPlace, StringComparison.Ordinal);

    /// <summary>Whether it can be filled at all.</summary>
    /// <param name="client">By whom.</param>
    /// <param name="isFirst">Whether it is the first level, where what a client calls itself must not make a topic of the broker's own, which begins with <c>$</c>.</param>
    public LevelFit For(in RuleClient client, bool isFirst)
    {
        var fit = LevelFit.Name;
        for (var at = text.IndexOf('%', StringComparison.Ordinal); at >= 0 && at + 1 < text.Length; at = text.IndexOf('%', at + 1))
        {
            if (PlaceAt(at) is not { } place) continue;
            if (client.Of(place) is not { } name) return LevelFit.Nothing;
            if (!RuleClient.IsLevel(name) || (isFirst && at == 0 && name[0] == '$')) fit = LevelFit.Unusable;
            at++;
        }
        return fit;
    }

    /// <summary>Whether a level is what it stands for. Only where <see cref="For"/> says that it has a name.</summary>
    public bool Matches(ReadOnlySpan<char> level, in RuleClient client)
    {
        for (var i = 0; i < text.Length; i++)
        {
            ReadOnlySpan<char> part = text.AsSpan(i, 1);
            if (PlaceAt(i) is { } place)
            {
                part = client.Of(place);
                i++;
            }
            if (!level.StartsWith(part, StringComparison.Ordinal)) return false;
            level = level[part.Length..];
        }
        return level.IsEmpty;
    }

    private char? PlaceAt(int index) => text[index] == '%' && index + 1 < text.Length && text[index + 1] is 'c' or 'u' ? text[index + 1] : null;
}

/// <summary>What a <see cref="LevelTemplate"/> is for a client.</summary>
internal enum LevelFit
{
    /// <summary>The client has not what it asks for, so its rules are not about it.</summary>
    Nothing,

    /// <summary>A level of one name.</summary>
    Name,

    /// <summary>What the client calls itself is no plain level of a topic. It gets nothing by that, and where something is refused to clients under their name, everything from the place on is refused to it.</summary>
    Unusable,
}

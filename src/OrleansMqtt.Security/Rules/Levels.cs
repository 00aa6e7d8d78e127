namespace OrleansMqtt.Security.Rules;

/// <summary>The levels of a topic by position: the next one begins behind the separator, and a position beyond the length means that none is left.</summary>
internal static class Levels
{
    /// <summary>The level that begins at <paramref name="position"/>.</summary>
    public static ReadOnlySpan<char> At(ReadOnlySpan<char> text, int position)
    {
        var rest = text[position..];
        var length = rest.IndexOf('/');
        return length < 0 ? rest : rest[..length];
    }
}

namespace OrleansMqtt.Handlers;

/// <summary>The names in braces that stand for levels in templates.</summary>
internal static class TemplateName
{
    /// <summary>Whether a level has no braces.</summary>
    public static bool IsNone(string level) => level.AsSpan().IndexOfAny('{', '}') < 0;

    /// <summary>The name of a level that has braces; <paramref name="problem"/> says it where that is none.</summary>
    /// <param name="level">The level.</param>
    /// <param name="isTail">Whether it stands for all levels from here on.</param>
    /// <param name="problem">Is set where something is wrong.</param>
    public static string Parse(string level, out bool isTail, ref string problem)
    {
        isTail = level.StartsWith("{*", StringComparison.Ordinal);
        var name = level.Length > 2 ? level[(isTail ? 2 : 1)..^1] : "";
        if (level[0] != '{' || level[^1] != '}' || name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            problem = $"\"{level}\" is no level: a name of letters, digits and underscores in braces has to be all of it";
        return name;
    }
}

using OrleansMqtt.Handlers;

namespace OrleansMqtt.Routes;

/// <summary>Which subscriptions code is mapped on, see <see cref="MqttRouteBuilderExtensions.MapSubscribe"/>.</summary>
internal sealed class SubscribePattern
{
    private readonly Level[] _levels;

    private enum Kind
    {
        Literal,
        Any,
        Name,
        Rest,
        NameOfRest,
    }

    private readonly record struct Level(Kind Kind, string Text);

    private SubscribePattern(Level[] levels) => (_levels, Names) = (levels, [.. levels.Where(static level => level.Kind is Kind.Name or Kind.NameOfRest).Select(static level => level.Text)]);

    /// <summary>The names in their order.</summary>
    public string[] Names { get; }

    /// <summary>Reads a pattern; null when it is malformed, and <paramref name="problem"/> says what is wrong with it.</summary>
    public static SubscribePattern? Parse(string text, out string problem)
    {
        problem = text.Length == 0 ? "it is empty" : "";
        var texts = text.Split('/');
        var levels = new Level[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            levels[i] = LevelOf(texts[i], ref problem);
            if (levels[i].Kind is Kind.Rest or Kind.NameOfRest && i < texts.Length - 1) problem = $"\"{texts[i]}\" has to be the last level";
        }
        var pattern = new SubscribePattern(levels);
        if (pattern.Names.GroupBy(static name => name).FirstOrDefault(static same => same.Count() > 1) is { } twice) problem = $"{{{twice.Key}}} occurs twice";
        return problem.Length == 0 ? pattern : null;
    }

    /// <summary>Finds what the names stand for in a filter; null if there is more, or something else, that it matches.</summary>
    public string[]? Match(string filter)
    {
        // [MQTT-4.7.2-1]
        if (filter[0] == '$' && _levels[0].Kind != Kind.Literal) return null;
        var texts = filter.Split('/');
        var (values, found) = (new string[Names.Length], 0);
        for (var i = 0; i < _levels.Length; i++)
        {
            var level = _levels[i];
            if (level.Kind == Kind.Rest) return values;
            if (level.Kind == Kind.NameOfRest)
            {
                var rest = texts[Math.Min(i, texts.Length)..];
                values[found] = string.Join('/', rest);
                return Array.Exists(rest, IsWildcard) ? null : values;
            }
            if (i >= texts.Length || !Covers(level, texts[i])) return null;
            if (level.Kind == Kind.Name) values[found++] = texts[i];
        }
        return texts.Length == _levels.Length ? values : null;
    }

    private static bool Covers(Level level, string text) => level.Kind switch
    {
        Kind.Any => text != "#",
        Kind.Name => !IsWildcard(text),
        _ => level.Text == text,
    };

    private static bool IsWildcard(string text) => text is "+" or "#";

    private static Level LevelOf(string text, ref string problem)
    {
        if (text == "+") return new Level(Kind.Any, text);
        if (text == "#") return new Level(Kind.Rest, text);
        if (TemplateName.IsNone(text))
        {
            if (text.AsSpan().ContainsAny('+', '#', '\0')) problem = $"\"{text}\" is no level of a topic filter";
            return new Level(Kind.Literal, text);
        }
        var name = TemplateName.Parse(text, out var isTail, ref problem);
        return new Level(isTail ? Kind.NameOfRest : Kind.Name, name);
    }
}

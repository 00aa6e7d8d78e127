using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>The topics of a handler, compiled to a filter, which says what matches, and to what finds the named parts in the bytes of a topic that does.</summary>
internal sealed class TopicTemplate
{
    private readonly ImmutableArray<Level> _levels;

    // No literal: a named level.
    private readonly record struct Level(byte[]? Literal, bool IsTail)
    {
        public bool IsReserved => Literal is [(byte)'$', ..];
    }

    private TopicTemplate(ImmutableArray<Level> levels, string[] names, string filter) => (_levels, Names, Filter) = (levels, names, filter);

    /// <summary>The names in their order.</summary>
    public string[] Names { get; }

    /// <summary>The topic filter that matches the same topics.</summary>
    public string Filter { get; }

    /// <summary>Reads a template; null when it is malformed, and <paramref name="problem"/> says what is wrong with it.</summary>
    /// <param name="text">The template.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="withWildcards">Whether <c>+</c> and <c>#</c> stand for levels without a name.</param>
    public static TopicTemplate? Parse(string text, out string problem, bool withWildcards = false)
    {
        var texts = text.Split('/');
        var levels = ImmutableArray.CreateBuilder<Level>(texts.Length);
        var names = new List<string>();
        problem = "";
        for (var i = 0; i < texts.Length; i++)
        {
            var level = texts[i];
            if (withWildcards && level is ("+" or "#"))
            {
                // No parameter can have such a name.
                names.Add($"{level}{i}");
                levels.Add(new Level(null, level == "#"));
                if (level == "#" && i < texts.Length - 1) problem = "\"#\" has to be the last level";
                continue;
            }
            if (TemplateName.IsNone(level))
            {
                if (level.IndexOfAny(['+', '#']) >= 0) problem = $"\"{level}\" is no level of a template: a name in braces stands for any level";
                levels.Add(new Level(Encoding.UTF8.GetBytes(level), false));
                continue;
            }
            var name = TemplateName.Parse(level, out var isTail, ref problem);
            if (names.Contains(name)) problem = $"{{{name}}} occurs twice";
            else if (isTail && i < texts.Length - 1) problem = $"\"{level}\" has to be the last level";
            names.Add(name);
            levels.Add(new Level(null, isTail));
        }
        var filter = string.Join('/', levels.Select(static level => level switch { { Literal: { } literal } => Encoding.UTF8.GetString(literal), { IsTail: true } => "#", _ => "+" }));
        if (problem.Length == 0 && !TopicFilter.IsValid("a/" + filter)) problem = "no topic can match it";
        if (problem.Length == 0 && text.Length == 0) problem = "it is empty";
        return problem.Length > 0 ? null : new TopicTemplate(levels.ToImmutable(), [.. names], filter);
    }

    /// <summary>Whether there are topics that match both.</summary>
    public bool Overlaps(TopicTemplate other)
    {
        // [MQTT-4.7.2-1]
        if ((_levels[0].IsReserved && other._levels[0].Literal is null) || (other._levels[0].IsReserved && _levels[0].Literal is null)) return false;
        for (var i = 0; ; i++)
        {
            Level? mine = i < _levels.Length ? _levels[i] : null, its = i < other._levels.Length ? other._levels[i] : null;
            // It may stand for no level at all.
            if (mine is { IsTail: true } || its is { IsTail: true }) return true;
            if (mine is null || its is null) return mine is null && its is null;
            if (mine is { Literal: { } literal } && its is { Literal: { } another } && !literal.AsSpan().SequenceEqual(another)) return false;
        }
    }

    /// <summary>Finds what the names stand for in a topic; false if it does not match.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="values">As many as there are names: where each value is.</param>
    public bool TryMatch(ReadOnlySpan<byte> topic, Span<Range> values)
    {
        // [MQTT-4.7.2-1]
        if (topic.IsEmpty || (topic[0] == (byte)'$' && _levels[0].Literal is null)) return false;
        var (position, found) = (0, 0);
        foreach (var level in _levels)
        {
            if (level.IsTail)
            {
                // The level before may have been the last one.
                values[found] = Math.Min(position, topic.Length)..topic.Length;
                return true;
            }
            if (position > topic.Length) return false;
            var length = topic[position..].IndexOf((byte)'/');
            if (length < 0) length = topic.Length - position;
            if (level.Literal is null) values[found++] = position..(position + length);
            else if (!topic.Slice(position, length).SequenceEqual(level.Literal)) return false;
            position += length + 1;
        }
        return position > topic.Length;
    }
}

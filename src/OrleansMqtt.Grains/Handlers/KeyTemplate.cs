using System.Text;
using OrleansMqtt.Handlers;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>Which parts of a topic make the key of its grain, see <see cref="TopicKey"/>.</summary>
internal sealed class KeyTemplate
{
    private readonly int[] _parts;

    private KeyTemplate(int[] parts) => _parts = parts;

    /// <summary>The topic as a whole.</summary>
    public static KeyTemplate Topic { get; } = new([]);

    /// <summary>The places of the parts among the template's names: what two keys have to be compared by.</summary>
    public string Canonical => string.Join(',', _parts);

    /// <summary>Reads a key; null when it is malformed, and <paramref name="problem"/> says what is wrong with it.</summary>
    /// <param name="text">The key; null for all names.</param>
    /// <param name="topic">The template whose names it uses.</param>
    /// <param name="problem">What is wrong.</param>
    public static KeyTemplate? Parse(string? text, TopicTemplate topic, out string problem)
    {
        problem = "";
        if (text is null) return new KeyTemplate([.. Enumerable.Range(0, topic.Names.Length)]);
        var parts = new List<int>();
        foreach (var part in text.Split('/'))
        {
            var isName = part.Length > 2 && part[0] == '{' && part[^1] == '}';
            var at = isName ? Array.IndexOf(topic.Names, part[1..^1]) : -1;
            if (!isName) problem = $"\"{part}\" is no name in braces";
            else if (at < 0) problem = $"the template has no {part}";
            parts.Add(at);
        }
        return problem.Length > 0 ? null : new KeyTemplate([.. parts]);
    }

    /// <summary>The key of a topic's grain.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="values">What the template's names stand for.</param>
    public string Of(ReadOnlySpan<byte> topic, ReadOnlySpan<Range> values)
    {
        if (_parts.Length == 1) return TopicKey.Of(Encoding.UTF8.GetString(topic[values[_parts[0]]]));
        if (_parts.Length == 0) return Encoding.UTF8.GetString(topic);
        var texts = new string[_parts.Length];
        for (var i = 0; i < texts.Length; i++) texts[i] = Encoding.UTF8.GetString(topic[values[_parts[i]]]);
        return TopicKey.Of(texts);
    }
}

using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Storage.Redis.Channels;

/// <summary>The patterns of PSUBSCRIBE that cover topic filters.</summary>
/// <remarks>A pattern's <c>*</c> matches slashes too, so that more comes than the filters match; and a message comes once for each pattern that matches its channel.</remarks>
internal sealed class ChannelPatterns
{
    private const string TailOfAll = "/#";
    private readonly ImmutableArray<Part> _parts;

    private readonly record struct Part(byte[] Filter, byte[] Pattern);

    /// <param name="filters">Topic filters, none of them shared.</param>
    public ChannelPatterns(IEnumerable<string> filters)
    {
        _parts = [.. filters.SelectMany(Split).Distinct().Select(static filter => new Part(Encoding.UTF8.GetBytes(filter), PatternOf(filter)))];
        All = [.. _parts.Select(static part => part.Pattern).Distinct(ByteKeyComparer.Instance)];
    }

    /// <summary>All of them, each once.</summary>
    public ImmutableArray<byte[]> All { get; }

    /// <summary>Whether what came for a pattern on a channel is to be taken: of the times that a message comes it is so once if a filter matches the channel, else never.</summary>
    public bool Takes(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> channel)
    {
        foreach (var part in _parts)
            if (TopicFilter.Matches(part.Filter, channel)) return pattern.SequenceEqual(part.Pattern);
        return false;
    }

    // The level before "/#" matches too, and no one pattern covers both.
    private static IEnumerable<string> Split(string filter) =>
        filter.EndsWith(TailOfAll, StringComparison.Ordinal) && filter.Length > TailOfAll.Length ? [filter[..^TailOfAll.Length], filter] : [filter];

    private static byte[] PatternOf(string filter)
    {
        var pattern = new StringBuilder();
        foreach (var character in filter)
        {
            if (character is '+' or '#') pattern.Append('*');
            else if (character is '*' or '?' or '[' or ']' or '\\') pattern.Append('\\').Append(character);
            else pattern.Append(character);
        }
        return Encoding.UTF8.GetBytes(pattern.ToString());
    }
}

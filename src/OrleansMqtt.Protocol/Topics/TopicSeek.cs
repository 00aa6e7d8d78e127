using System.Buffers;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>What to do with a topic name met while looking for those that a filter matches.</summary>
internal enum TopicSeekStep
{
    /// <summary>It matches.</summary>
    Match,

    /// <summary>It doesn't, and nothing before <see cref="TopicSeek.Target"/> does.</summary>
    Seek,

    /// <summary>Neither it nor anything behind it matches.</summary>
    End,
}

/// <summary>Finds, in the order of <see cref="TopicOrder"/>, where the next topic name that a filter matches could stand.</summary>
internal ref struct TopicSeek(ReadOnlySpan<byte> filter)
{
    private readonly ReadOnlySpan<byte> _filter = filter;
    private byte[] _target = ArrayPool<byte>.Shared.Rent(256);
    private int _targetLength;

    /// <summary>No topic between the examined one and this matches.</summary>
    public readonly ReadOnlySpan<byte> Target => _target.AsSpan(0, _targetLength);

    public TopicSeekStep Examine(ReadOnlySpan<byte> topic)
    {
        int filterPosition = 0, position = 0;
        var lastPlusEnd = -1; // Where the topic's level ends that met the last '+' so far.

        if (topic[0] == TopicSyntax.ReservedPrefix &&
            _filter[0] is TopicSyntax.SingleLevelWildcard or TopicSyntax.MultiLevelWildcard)
        {
            return SeekTo([], [TopicSyntax.ReservedPrefix + 1], []); // Past all names that begin with '$' [MQTT-4.7.2-1].
        }

        while (filterPosition <= _filter.Length)
        {
            var wanted = TopicSyntax.LevelAt(_filter, filterPosition);
            if (TopicSyntax.IsWildcard(wanted, TopicSyntax.MultiLevelWildcard))
            {
                return TopicSeekStep.Match;
            }

            var isPlus = TopicSyntax.IsWildcard(wanted, TopicSyntax.SingleLevelWildcard);
            if (position > topic.Length)
            {
                // The topic stands above what could match, which follows it.
                return SeekTo(topic, [TopicSyntax.Separator], LiteralsAt(filterPosition));
            }

            var level = TopicSyntax.LevelAt(topic, position);
            if (isPlus)
            {
                lastPlusEnd = position + level.Length;
            }
            else if (level.SequenceCompareTo(wanted) is var order and not 0)
            {
                return order < 0 ? SeekTo(topic[..position], [], LiteralsAt(filterPosition)) : SeekBehind(topic, lastPlusEnd);
            }

            filterPosition += wanted.Length + 1;
            position += level.Length + 1;
        }

        // Below a topic that could match.
        return position > topic.Length ? TopicSeekStep.Match : SeekBehind(topic, lastPlusEnd);
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_target);

    /// <summary>All that the filter matches with this level at its last '+' lies before: go on with the next value of that level.</summary>
    private TopicSeekStep SeekBehind(ReadOnlySpan<byte> topic, int lastPlusEnd) =>
        lastPlusEnd < 0 ? TopicSeekStep.End : SeekTo(topic[..lastPlusEnd], [TopicOrder.EndOfSubtree], []);

    /// <summary>The levels from a position on up to the next wildcard, all of which a matching topic has.</summary>
    private readonly ReadOnlySpan<byte> LiteralsAt(int filterPosition)
    {
        var rest = _filter[filterPosition..];
        var wildcard = rest.IndexOfAny(TopicSyntax.SingleLevelWildcard, TopicSyntax.MultiLevelWildcard);
        return wildcard < 0 ? rest : rest[..Math.Max(0, wildcard - 1)];
    }

    private TopicSeekStep SeekTo(ReadOnlySpan<byte> start, scoped ReadOnlySpan<byte> middle, ReadOnlySpan<byte> end)
    {
        _targetLength = start.Length + middle.Length + end.Length;
        if (_targetLength > _target.Length)
        {
            ArrayPool<byte>.Shared.Return(_target);
            _target = ArrayPool<byte>.Shared.Rent(_targetLength);
        }

        start.CopyTo(_target);
        middle.CopyTo(_target.AsSpan(start.Length));
        end.CopyTo(_target.AsSpan(start.Length + middle.Length));
        return TopicSeekStep.Seek;
    }
}

namespace OrleansMqtt.Grains.Handlers.Filters;

/// <summary>What makes a handler a filter.</summary>
internal sealed class FilterRole
{
    // Places of the names that both templates have: of the topics, and of where they may be moved to.
    private readonly (int From, int To)[] _shared;

    /// <summary>Of a filter.</summary>
    /// <param name="order">Which one of several is first.</param>
    /// <param name="topics">Its topics.</param>
    /// <param name="movesTo">Where it may move messages; null for nowhere.</param>
    public FilterRole(int order, TopicTemplate topics, TopicTemplate? movesTo)
    {
        (Order, MovesTo) = (order, movesTo);
        _shared = movesTo is null ? [] : [.. topics.Names.Select((name, from) => (from, Array.IndexOf(movesTo.Names, name))).Where(static place => place.Item2 >= 0)];
    }

    public int Order { get; }

    public TopicTemplate? MovesTo { get; }

    /// <summary>Whether it may move a message.</summary>
    /// <param name="from">Its topic.</param>
    /// <param name="values">What the names of the filter's topics stand for in that.</param>
    /// <param name="to">Where to; its own topic is no move.</param>
    public bool MayMove(ReadOnlySpan<byte> from, ReadOnlySpan<Range> values, ReadOnlySpan<byte> to)
    {
        if (from.SequenceEqual(to)) return true;
        if (MovesTo is null) return false;
        var moved = new Range[MovesTo.Names.Length];
        if (!MovesTo.TryMatch(to, moved)) return false;
        foreach (var (mine, its) in _shared)
            if (!from[values[mine]].SequenceEqual(to[moved[its]])) return false;
        return true;
    }
}

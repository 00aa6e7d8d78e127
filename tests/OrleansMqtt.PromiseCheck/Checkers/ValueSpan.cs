namespace OrleansMqtt.PromiseCheck.Checkers;

/// <summary>
/// All operations on one value of a register. In any order that explains them they stand side by side, the write first. If one of them ends
/// before another begins, the value holds from the earliest end to the latest start at least. If not, all of them have a moment in common,
/// and the value need hold no longer than one moment between latest start and earliest end.
/// </summary>
internal sealed class ValueSpan
{
    /// <summary>Collects the operations of a value: at least one.</summary>
    public ValueSpan(IReadOnlyList<RegisterOperation> operations)
    {
        FirstToEnd = operations.MinBy(static o => o.End ?? long.MaxValue)!;
        LastToStart = operations.MaxBy(static o => o.Start)!;
    }

    /// <summary>The operation that ends first.</summary>
    public RegisterOperation FirstToEnd { get; }

    /// <summary>The operation that starts last.</summary>
    public RegisterOperation LastToStart { get; }

    /// <summary>When the first of them ends.</summary>
    public long EarliestEnd => FirstToEnd.End ?? long.MaxValue;

    /// <summary>When the last of them starts.</summary>
    public long LatestStart => LastToStart.Start;

    /// <summary>Whether the value surely holds for a while, from <see cref="EarliestEnd"/> to <see cref="LatestStart"/>.</summary>
    public bool HoldsForAWhile => EarliestEnd < LatestStart;
}

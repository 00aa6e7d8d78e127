namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>The time between warm-up and end, in timestamps. One thread sets it, others ask.</summary>
internal sealed class MeasuredSpan
{
    private long _from = long.MaxValue;
    private long _until = long.MaxValue;

    /// <summary>The warm-up is over.</summary>
    public void Begin(long now) => Volatile.Write(ref _from, now);

    /// <summary>What is sent after now does not count.</summary>
    public void End(long now) => Volatile.Write(ref _until, now);

    /// <summary>Whether a message that was sent then counts for the latency.</summary>
    public bool Contains(long sentAt) => sentAt >= Volatile.Read(ref _from) && sentAt <= Volatile.Read(ref _until);
}

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>What one subscriber received: how much, in which order, and after which time. One thread writes; the counts may be read by
/// others at any time, the histogram when the writer has ended.</summary>
/// <param name="publishers">How many publishers there are.</param>
/// <param name="span">Which messages count for the latency.</param>
/// <param name="time">The clock of the stamps.</param>
internal sealed class ReceiptLedger(int publishers, MeasuredSpan span, TimeProvider time)
{
    private const double NanosecondsPerSecond = 1e9;

    private readonly SequenceTracker[] _trackers = new SequenceTracker[publishers];
    private readonly double _nanosecondsPerTick = NanosecondsPerSecond / time.TimestampFrequency;
    private long _received;
    private long _duplicated;
    private long _reordered;
    private long _stray;
    private long _lastAt;

    /// <summary>Messages of this run, duplicates among them.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Messages that had come before.</summary>
    public long Duplicated => Volatile.Read(ref _duplicated);

    /// <summary>Messages that came after a later one of the same publisher.</summary>
    public long Reordered => Volatile.Read(ref _reordered);

    /// <summary>Messages that no publisher of this run can have sent.</summary>
    public long Stray => Volatile.Read(ref _stray);

    /// <summary>Timestamp of the last message; 0 if none came.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>Time from sending to receiving, of the messages in the measured span.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>One more than the highest sequence number that came from a publisher. For any thread.</summary>
    public long NextFrom(int publisher) => _trackers[publisher].Next;

    /// <summary>Takes in a message.</summary>
    /// <param name="payload">Its payload.</param>
    /// <param name="now">When it was received.</param>
    public void Enter(ReadOnlySpan<byte> payload, long now)
    {
        if (!MessageStamp.TryRead(payload, out var stamp) || stamp.Publisher >= _trackers.Length)
        {
            Volatile.Write(ref _stray, _stray + 1);
            return;
        }

        var outcome = _trackers[stamp.Publisher].Observe(stamp.Sequence);
        if (outcome == SequenceOutcome.Duplicate) Volatile.Write(ref _duplicated, _duplicated + 1);
        else if (outcome == SequenceOutcome.Reordered) Volatile.Write(ref _reordered, _reordered + 1);
        Volatile.Write(ref _lastAt, now);
        if (span.Contains(stamp.SentAt)) Latency.Record((long)((now - stamp.SentAt) * _nanosecondsPerTick));
        Volatile.Write(ref _received, _received + 1); // Last, so that whoever sees all received sees their outcomes too.
    }
}

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>
/// What one receiver has got of one publisher, in 16 bytes: the number that should come next, and which of the 64 before it have come. A
/// message that is later than that cannot be told from a duplicate, and counts as reordered.
/// </summary>
internal struct SequenceTracker
{
    private const int Remembered = 64;

    private ulong _seen; // Bit n is set if number _next - 1 - n has come.
    private long _next;

    /// <summary>One more than the highest number so far. May be read by other threads.</summary>
    public long Next => Volatile.Read(ref _next);

    /// <summary>Takes in a message.</summary>
    /// <param name="sequence">Its number; a publisher counts from 0.</param>
    public SequenceOutcome Observe(long sequence)
    {
        if (sequence >= _next)
        {
            var step = sequence - _next + 1;
            _seen = step >= Remembered ? 1 : _seen << (int)step | 1;
            Volatile.Write(ref _next, sequence + 1);
            return SequenceOutcome.InOrder;
        }

        var back = _next - 1 - sequence;
        if (back >= Remembered) return SequenceOutcome.Reordered;
        var bit = 1UL << (int)back;
        if ((_seen & bit) != 0) return SequenceOutcome.Duplicate;
        _seen |= bit;
        return SequenceOutcome.Reordered;
    }
}

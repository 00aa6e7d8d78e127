namespace OrleansMqtt.Actors.Membership;

/// <summary>
/// A silo's leave to serve. It counts from the moment before a heartbeat was sent, and ends a margin before others may declare the silo
/// dead: they begin to count later, and their clocks' rates differ by less than the margin. A machine that is suspended as a whole may
/// stop the clock too; what stores check of their writers is for that case.
/// </summary>
internal sealed class OwnLease(TimeProvider time, TimeSpan duration)
{
    private readonly long _duration = (long)(duration.TotalSeconds * time.TimestampFrequency);
    private long _end = long.MinValue;
    private bool _isDropped;

    /// <summary>Whether the silo may serve at this moment.</summary>
    public bool IsHeld => time.GetTimestamp() < Volatile.Read(ref _end);

    /// <summary>How long it still lasts; not positive: it has run out.</summary>
    public TimeSpan Left => _end == long.MinValue ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), _end);

    /// <summary>Extends it, unless it was given up. One at a time, and not at the same time as <see cref="Drop"/>.</summary>
    /// <param name="sent">The timestamp before the heartbeat was sent.</param>
    public void Renew(long sent)
    {
        if (!_isDropped)
        {
            Volatile.Write(ref _end, Math.Max(_end, sent + _duration));
        }
    }

    /// <summary>Gives it up for good.</summary>
    public void Drop()
    {
        _isDropped = true;
        Volatile.Write(ref _end, long.MinValue);
    }
}

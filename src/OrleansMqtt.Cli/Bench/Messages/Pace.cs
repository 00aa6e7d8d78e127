namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>When the messages of a publisher with a rate are due. Used by one loop; <see cref="NextDue"/> is for any thread.</summary>
internal sealed class Pace
{
    private readonly double _ticksPerMessage;
    private readonly long _tolerance;
    private readonly long _start;
    private double _nextDue; // Since the start, because a whole timestamp may have more digits than a double.

    /// <summary>Makes the first message due after a part of the interval, so that publishers do not send in step.</summary>
    /// <param name="rate">Messages per second.</param>
    /// <param name="offset">The part, 0 to 1.</param>
    /// <param name="tolerance">How late the timer itself may be.</param>
    /// <param name="time">Clock.</param>
    public Pace(double rate, double offset, TimeSpan tolerance, TimeProvider time)
    {
        _ticksPerMessage = time.TimestampFrequency / rate;
        _tolerance = (long)(tolerance.TotalSeconds * time.TimestampFrequency);
        _start = time.GetTimestamp();
        _nextDue = offset * _ticksPerMessage;
    }

    /// <summary>Timestamp at which the next message is due.</summary>
    public long NextDue => _start + (long)Volatile.Read(ref _nextDue);

    /// <summary>How many messages are due.</summary>
    public long DueCount(long now) => now < NextDue ? 0 : 1 + (long)((now - NextDue) / _ticksPerMessage);

    /// <summary>
    /// Takes the next message. Returns the time to stamp it with: now, or when it was due if it is later than the timer explains. Otherwise
    /// a broker that makes publishers wait would look fast, since what waits would not be measured.
    /// </summary>
    public long Take(long now)
    {
        var due = NextDue;
        Volatile.Write(ref _nextDue, _nextDue + _ticksPerMessage);
        return now - due > _tolerance ? due : now;
    }
}

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>Measures for how long a number has not changed.</summary>
/// <param name="time">Clock.</param>
internal sealed class StandstillWatch(TimeProvider time)
{
    private long _since = time.GetTimestamp();
    private long _last = -1;

    /// <summary>Looks at the number; how long it has been the same.</summary>
    public TimeSpan StoodFor(long number)
    {
        if (number != _last) (_last, _since) = (number, time.GetTimestamp());
        return time.GetElapsedTime(_since);
    }
}

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>One timer that wakes the publishers whose messages are due.</summary>
internal static class Pacer
{
    /// <summary>A round of the timer is a millisecond, and may come one late.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(1);

    /// <summary>Runs until cancelled, which is no failure.</summary>
    public static async Task RunAsync(IReadOnlyList<Publisher> publishers, TimeProvider time, CancellationToken stop)
    {
        using var rounds = new PeriodicTimer(Round, time);
        try
        {
            while (await rounds.WaitForNextTickAsync(stop))
            {
                var now = time.GetTimestamp();
                foreach (var publisher in publishers) publisher.WakeIfDue(now);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}

namespace OrleansMqtt.Actors.Clusters;

/// <summary>Numbers the runs of silos: later runs at the same end point have higher numbers.</summary>
internal static class SiloGeneration
{
    // As Orleans counts: it leaves room until 2090.
    private static readonly DateTimeOffset Epoch = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static int _latest;

    /// <summary>The seconds since 2022; more, where this process had that number already.</summary>
    public static int Next(TimeProvider time)
    {
        var seconds = (int)(time.GetUtcNow() - Epoch).TotalSeconds;
        while (true)
        {
            var latest = Volatile.Read(ref _latest);
            var next = Math.Max(seconds, latest + 1);
            if (Interlocked.CompareExchange(ref _latest, next, latest) == latest)
            {
                return next;
            }
        }
    }
}

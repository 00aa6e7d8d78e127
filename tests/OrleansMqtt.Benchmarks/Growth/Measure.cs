using System.Diagnostics;

namespace OrleansMqtt.Benchmarks.Growth;

/// <summary>Weighs and times.</summary>
internal static class Measure
{
    private const int Rounds = 11;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(100), Round = TimeSpan.FromMilliseconds(10);

    /// <summary>Bytes that live on the heap because of what <paramref name="build"/> returned.</summary>
    public static long Bytes(Func<object> build)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var built = build();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(built);
        return bytes;
    }

    /// <summary>Nanoseconds that one <paramref name="operation"/> takes: the median of several rounds, after the compiler has had its time.</summary>
    public static double Nanoseconds(Action operation)
    {
        var count = 1;
        var warming = Stopwatch.StartNew();
        for (var took = TimeSpan.Zero; took < Round || warming.Elapsed < WarmUp;)
        {
            took = Run(operation, count);
            if (took < Round) count *= 2;
        }

        var rounds = new double[Rounds];
        for (var i = 0; i < Rounds; i++) rounds[i] = Run(operation, count).TotalNanoseconds / count;
        Array.Sort(rounds);
        return rounds[Rounds / 2];
    }

    private static TimeSpan Run(Action operation, int count)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) operation();
        return Stopwatch.GetElapsedTime(start);
    }
}

using System.Diagnostics;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Benchmarks.Stores;

/// <summary>Sessions that each append one message, wait until it is stored, and so on; every hundredth write removes the hundred before.</summary>
internal static class AppendLoad
{
    private const int PayloadBytes = 1024, RemovedAtOnce = 100;

    /// <summary>Runs it and says how many messages a second were stored, and the CPU-seconds of this process per million.</summary>
    public static async Task<(double PerSecond, double CpuSecondsPerMillion)> RunAsync(ISessionLog log, int sessions, TimeSpan duration)
    {
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, sessions).Select(session => Task.Run(() => AppendAsync(log, $"client-{session}", started, duration))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        var total = counts.Sum();
        return (total / elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / total * 1_000_000);
    }

    private static async Task<long> AppendAsync(ISessionLog log, string client, long started, TimeSpan duration)
    {
        var message = new Message("a/b/c"u8, [], new byte[PayloadBytes]) { QoS = QualityOfService.AtLeastOnce, Publisher = "publisher" };
        var next = (await log.OpenAsync(client, Stopwatch.GetTimestamp())).Next;
        var epoch = Stopwatch.GetTimestamp();
        var count = 0L;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await log.AppendAsync(client, epoch, [new SessionLogEntry { Sequence = next, Message = message, QoS = QualityOfService.AtLeastOnce }]);
            next++;
            if (++count % RemovedAtOnce != 0) continue;
            var first = next - RemovedAtOnce;
            await log.UpdateAsync(client, epoch, new SessionLogUpdate([.. Enumerable.Range(0, RemovedAtOnce).Select(i => first + i)], [], [], []));
        }
        await log.DeleteAsync(client, epoch);
        return count;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Sqlite;
using OrleansMqtt.Storage.Sqlite.Sessions;

namespace OrleansMqtt.Storage.Writer;

/// <summary>What the program does.</summary>
internal static class Appending
{
    private const int Kept = 1000;

    public static SqliteStore Open(string directory, StoreDurability durability) =>
        new(new SqliteStoreOptions { Directory = directory, Durability = durability }, TimeProvider.System, NullLogger<SqliteStore>.Instance);

    /// <summary>Appends to each session, one at a time, for ever. A line says that an append is acknowledged.</summary>
    public static async Task AcknowledgeAsync(SqliteStore store, int sessions)
    {
        var log = new SqliteSessionLog(store);
        var output = new Lock();
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(session => Task.Run(async () =>
        {
            for (var position = (await log.OpenAsync($"c{session}", 1)).Next; ; position++)
            {
                await log.AppendAsync($"c{session}", 1, [Entry(position, 200)]);
                lock (output)
                {
                    Console.Out.WriteLine($"{session} {position}");
                    Console.Out.Flush();
                }
            }
        })));
    }

    /// <summary>Appends to each session, one at a time, for some time; what is older than the last ones is removed by the hundred, as a client that acknowledges does.</summary>
    public static async Task MeasureAsync(SqliteStore store, int sessions, TimeSpan time, int bytes)
    {
        var log = new SqliteSessionLog(store);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[sessions];
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(session => Task.Run(async () =>
        {
            var mine = latencies[session] = [];
            for (long position = 0; clock.Elapsed < time; position++)
            {
                var start = Stopwatch.GetTimestamp();
                await log.AppendAsync($"c{session}", 1, [Entry(position, bytes)]);
                mine.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (position >= Kept && position % 100 == 0)
                    await log.UpdateAsync($"c{session}", 1, new SessionLogUpdate([.. Enumerable.Range(0, 100).Select(i => position - Kept + i)], [], [], []));
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(static l => l).Order().ToArray();
        Console.WriteLine(
            $"{all.Length / seconds:F0} appends/s of {bytes} B, {sessions} sessions, {store.Commits / seconds:F0} commits/s; ms 50% {all[all.Length / 2]:F2}, 99% {all[(int)(all.Length * 0.99)]:F2}, "
            + $"longest {all[^1]:F1}; CPU {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds / all.Length * 1e6:F1} s per million");
    }

    private static SessionLogEntry Entry(long position, int bytes) =>
        new() { Sequence = position, QoS = QualityOfService.AtLeastOnce, Message = new Message("sensors/room/temperature"u8, [], new byte[bytes]) { QoS = QualityOfService.AtLeastOnce } };
}

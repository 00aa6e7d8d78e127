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

    /// <summary>Appends to each session, one at a time, for ever. A line says that an append is acknowledged, or that the disk is full; then it tries again.</summary>
    public static async Task AcknowledgeAsync(SqliteStore store, int sessions)
    {
        var log = new SqliteSessionLog(store);
        var output = new Lock();
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(session => Task.Run(async () =>
        {
            for (var position = (await log.OpenAsync($"c{session}", 1)).Next; ;)
            {
                var stored = await TryAppendAsync(log, $"c{session}", Entry(position, 200));
                lock (output)
                {
                    Console.Out.WriteLine(stored ? $"{session} {position}" : "full");
                    Console.Out.Flush();
                }
                if (stored) position++;
                else await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        })));
    }

    private static async Task<bool> TryAppendAsync(SqliteSessionLog log, string client, SessionLogEntry entry)
    {
        try
        {
            await log.AppendAsync(client, 1, [entry]);
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    /// <summary>Appends to each session, one at a time, for some time; what is older than the last ones is removed by the hundred, as a client that acknowledges does.</summary>
    public static async Task MeasureAsync(SqliteStore store, int sessions, TimeSpan time, int bytes, int readers, int dropped)
    {
        var log = new SqliteSessionLog(store);
        for (var position = 0; position < dropped; position += 1000)
            await log.AppendAsync("dropped", 1, [.. Enumerable.Range(position, 1000).Select(i => Entry(i, bytes))]);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[sessions];
        var pages = 0;
        var reading = Task.WhenAll(Enumerable.Range(0, readers).Select(reader => Task.Run(async () =>
        {
            for (var i = reader; clock.Elapsed < time; i++)
            {
                await log.ReadAsync($"c{i % sessions}", 0, 256);
                Interlocked.Increment(ref pages);
            }
        })));
        var dropping = Task.Run(async () =>
        {
            while (clock.Elapsed < time / 2) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            await log.DeleteAsync("dropped", 1);
        });
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
        await Task.WhenAll(reading, dropping);
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(static l => l).Order().ToArray();
        Console.WriteLine(
            $"{pages / seconds:F0} pages of 256 read/s; {all.Length / seconds:F0} appends/s of {bytes} B, {sessions} sessions, {store.Commits / seconds:F0} commits/s; ms 50% {all[all.Length / 2]:F2}, 99% {all[(int)(all.Length * 0.99)]:F2}, "
            + $"longest {all[^1]:F1}; CPU {(Environment.CpuUsage.TotalTime - cpu).TotalSeconds / all.Length * 1e6:F1} s per million");
    }

    private static SessionLogEntry Entry(long position, int bytes) =>
        new() { Sequence = position, QoS = QualityOfService.AtLeastOnce, Message = new Message("sensors/room/temperature"u8, [], new byte[bytes]) { QoS = QualityOfService.AtLeastOnce } };
}

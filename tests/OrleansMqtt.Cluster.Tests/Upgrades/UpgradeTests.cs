using System.Globalization;
using System.Net;
using OrleansMqtt.Cluster.Tests.Clients;
using OrleansMqtt.Processes;
using OrleansMqtt.Processes.Clusters;

namespace OrleansMqtt.Cluster.Tests.Upgrades;

/// <summary>A user's library with topic handlers is replaced by its next version, silo by silo, while clients publish and reminders are due.</summary>
public sealed class UpgradeTests
{
    private const int Meters = 8, Clocks = 12;
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(120);
    private volatile bool _isOver;

    [Fact]
    public async Task Each_message_is_handled_once_and_in_order_and_no_reminder_is_lost_while_silos_are_replaced()
    {
        var version = 1;
        await using var cluster = await ClusterProcesses.StartAsync(new ClusterShape { SiloArguments = () => [$"--Handlers:Assemblies={BuiltProgram.Handlers(version)}"] });
        using var reader = await ClusterClient.ConnectAsync(cluster.Listeners[0], "reader");
        await reader.SubscribeAsync("lists/#");
        Assert.Equal("echo: one", await AskAsync(reader, "echoes/x", "one"));
        var counts = new int[Meters];
        var publishing = Enumerable.Range(0, Meters).Select(meter => PublishAsync(cluster.Listeners[meter % cluster.Listeners.Count], meter, counts)).ToList();
        // Due while silos are replaced.
        for (var i = 0; i < Clocks; i++) await reader.PublishAsync($"clocks/{i}", $"{i / 2}");
        version = 2;
        foreach (var silo in cluster.Silos)
        {
            await silo.StopAsync();
            await silo.StartAsync();
            await GoOnAsync(counts, publishing);
        }

        _isOver = true;
        await Task.WhenAll(publishing).WaitAsync(Guard, TestContext.Current.CancellationToken);
        for (var meter = 0; meter < Meters; meter++)
        {
            // Its state, of which the first version has written a part.
            await reader.PublishAsync($"sites/here/meters/{meter}", "1000.2");
            Assert.Equal($"version 2, at most 1000: {string.Join(' ', Enumerable.Range(1, counts[meter]))} 1000", await AskAsync(reader, $"meters/{meter}/list", ""));
        }

        for (var i = 0; i < Clocks; i++) await AssertRungAsync(reader, i);
        Assert.Equal("alarm: two", await AskAsync(reader, "alarms/x", "two"));
        // Nobody has this handler any more, nor is held up by that.
        await reader.PublishAsync("echoes/x", "three");
        Assert.Equal("alarm: four", await AskAsync(reader, "alarms/x", "four"));
    }

    // As often as at least once is; it may be that it rings now.
    private static async Task AssertRungAsync(ClusterClient client, int clock)
    {
        using var guard = new CancellationTokenSource(Guard);
        while (int.Parse(await AskAsync(client, $"clocks/{clock}/list", ""), CultureInfo.InvariantCulture) == 0) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, guard.Token);
    }

    private static async Task<string> AskAsync(ClusterClient client, string topic, string text)
    {
        await client.PublishAsync(topic, text);
        return await client.NextAsync();
    }

    // Some more by each, so that all silos have had messages of all meters.
    private static async Task GoOnAsync(int[] counts, List<Task> publishing)
    {
        var before = (int[])counts.Clone();
        using var guard = new CancellationTokenSource(Guard);
        while (Enumerable.Range(0, counts.Length).Any(i => Volatile.Read(ref counts[i]) < before[i] + 10))
        {
            foreach (var task in publishing.Where(static task => task.IsCompleted)) await task;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, guard.Token);
        }
    }

    private async Task PublishAsync(EndPoint gateway, int meter, int[] counts)
    {
        using var client = await ClusterClient.ConnectAsync(gateway, string.Create(CultureInfo.InvariantCulture, $"meter-{meter}"));
        while (!_isOver)
        {
            await client.PublishAsync($"meters/{meter}", $"{counts[meter] + 1}");
            Interlocked.Increment(ref counts[meter]);
        }
    }
}

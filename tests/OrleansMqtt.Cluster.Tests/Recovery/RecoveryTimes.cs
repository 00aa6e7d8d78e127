using System.Net;
using System.Text;
using OrleansMqtt.Cluster.Tests.Clients;
using OrleansMqtt.Cluster.Tests.Nemesis;
using OrleansMqtt.Processes.Clusters;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cluster.Tests.Recovery;

/// <summary>Measures how long clients wait when a part of a cluster is lost. It asserts no time: it runs only when it is asked for, and prints a table.</summary>
public sealed class RecoveryTimes(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private const int Pairs = 8;
    private const int Sessions = 32;
    private const int Topics = 64;
    private const uint Expiry = 3600;

    /// <summary>Traffic before a part is lost, and after everything else has recovered.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    private readonly RecoveryTable _table = new();
    private ClusterProcesses _cluster = null!;
    private int _names;

    private enum Loss
    {
        Killed,
        Hung,
        Drained,
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Measure()
    {
        await using var cluster = _cluster = await ClusterProcesses.StartAsync(new ClusterShape());
        try
        {
            await MeasureAsync(cluster);
        }
        finally
        {
            output.WriteLine(_table.ToString());
        }
    }

    private async Task MeasureAsync(ClusterProcesses cluster)
    {
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var silo in cluster.Silos)
            {
                await LoseSiloAsync(silo, Loss.Killed, "kill -9 of a silo", 0.5, 3);
                await LoseSiloAsync(silo, Loss.Hung, "SIGSTOP of a silo", 4, 4);
                await LoseSiloAsync(silo, Loss.Drained, "SIGTERM of a silo", 0.2, 3);
            }

            foreach (var gateway in Enumerable.Range(0, cluster.Gateways.Count)) await LoseGatewayAsync(gateway);
        }
    }

    private async Task LoseSiloAsync(ClusterPart silo, Loss loss, string what, double trafficGoal, double goal)
    {
        await SettleAsync();
        var name = Name();
        var sessions = Enumerable.Range(0, Sessions).Select(i => $"{name}-session-{i}").ToList();
        foreach (var session in sessions) (await ClusterClient.ConnectAsync(Gateway(0), session, Expiry)).Dispose();
        var pairs = await Task.WhenAll(Enumerable.Range(0, Pairs).Select(i => TrafficPair.StartAsync(Gateway(i), Gateway(i + 1), $"{name}-pair-{i}")));
        var retainer = await ClusterClient.ConnectAsync(Gateway(0), $"{name}-retainer");
        await Task.Delay(Calm, TimeProvider.System, Stop);

        var start = TimeProvider.System.GetTimestamp();
        var stopping = Task.CompletedTask;
        if (loss == Loss.Killed) await silo.KillAsync();
        else if (loss == Loss.Hung) silo.Pause();
        else stopping = silo.StopAsync();
        var times = await Task.WhenAll(
            TimeOf(SubscribeAsync(name), start),
            TimeOf(RetainAsync(retainer, name), start),
            TimeOf(Task.WhenAll(sessions.Select((session, i) => ReturnAsync(Gateway(i), session))), start));
        await stopping;
        await Task.Delay(Calm, TimeProvider.System, Stop);
        await Task.WhenAll(pairs.Select(static pair => pair.StopAsync()));

        _table.Add($"{what}: longest wait of a message between connected clients", trafficGoal, pairs.Max(static pair => pair.Longest));
        _table.Add($"{what}: {Topics} new subscriptions granted", goal, times[0]);
        _table.Add($"{what}: {Topics} retained messages acknowledged", goal, times[1]);
        _table.Add($"{what}: {Sessions} persistent sessions taken up again", goal, times[2]);
        foreach (var pair in pairs) pair.Dispose();
        await _cluster.RecoverAsync();
    }

    private async Task LoseGatewayAsync(int gateway)
    {
        await SettleAsync();
        var name = Name();
        using var watcher = await ClusterClient.ConnectAsync(Gateway(gateway + 1), $"{name}-watcher");
        await watcher.SubscribeAsync($"{name}/+");
        var clients = new List<ClusterClient>();
        for (var i = 0; i < Sessions; i++)
        {
            var will = new Will { Topic = $"{name}/{i}", Payload = Encoding.UTF8.GetBytes("gone"), QoS = QualityOfService.AtLeastOnce };
            clients.Add(await ClusterClient.ConnectAsync(Gateway(gateway), $"{name}-{i}", i % 2 == 0 ? 0 : Expiry, will));
        }

        var start = TimeProvider.System.GetTimestamp();
        await _cluster.Gateways[gateway].KillAsync();
        for (var i = 0; i < Sessions; i++) await watcher.NextAsync();
        _table.Add($"kill -9 of a gateway: {Sessions} wills published", 5, TimeProvider.System.GetElapsedTime(start));
        clients.ForEach(static client => client.Dispose());
        await _cluster.RecoverAsync();
    }

    private async Task SettleAsync() => Assert.Null(await new ClusterProbe(_cluster.Listeners).RunAsync(Stop));

    private static async Task<TimeSpan> TimeOf(Task task, long start)
    {
        await task;
        return TimeProvider.System.GetElapsedTime(start);
    }

    private async Task SubscribeAsync(string name)
    {
        using var client = await ClusterClient.ComeInAsync(Gateway(0), $"{name}-newcomer", 0, [.. Enumerable.Range(0, Topics).Select(i => $"{name}/new/{i}")]);
    }

    private async Task RetainAsync(ClusterClient client, string name)
    {
        for (var i = 0; i < Topics; i++)
        {
            while (!await client.TryPublishAsync($"{name}/retained/{i}", "value", retain: true))
            {
                client.Dispose();
                client = await ClusterClient.ComeInAsync(Gateway(0), $"{name}-retainer", 0);
            }
        }

        client.Dispose();
    }

    private static async Task ReturnAsync(EndPoint gateway, string clientId)
    {
        using var client = await ClusterClient.ComeInAsync(gateway, clientId, Expiry);
    }

    private IPEndPoint Gateway(int index) => _cluster.Listeners[index % _cluster.Listeners.Count];

    private string Name() => $"recovery-{++_names}";
}

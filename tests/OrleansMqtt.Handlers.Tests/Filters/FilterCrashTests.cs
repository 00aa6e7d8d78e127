using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Filters;

/// <summary>A silo goes while messages wait for a filter.</summary>
public class FilterCrashTests
{
    private const int Count = 10;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Nothing_that_is_acknowledged_is_lost(bool isGrains, bool isKilled)
    {
        var name = $"h{Guid.NewGuid():N}";
        var builder = new MqttTestClusterBuilder();
        // Gateways that outlive a time without silos.
        builder.Times = builder.Times with { Leases = builder.Times.Leases with { Gateway = TimeSpan.FromHours(1) } };
        await using var cluster = await HandlerCluster.StartAsync(builder);
        await using var watcher = await cluster.Gateways[1].ConnectAsync($"w{name}");
        await watcher.SubscribeAsync($"held/{name}");
        await watcher.SubscribeAsync($"free/{name}");
        await using var client = await cluster.Gateways[0].ConnectAsync($"c{name}");
        var publishing = new List<Task>();
        for (var i = 0; i < Count; i++)
        {
            publishing.Add(client.PublishAsync($"held/{name}", $"once {i}", QualityOfService.ExactlyOnce));
            publishing.Add(client.PublishAsync($"held/{name}", $"again {i}"));
        }
        var silo = await Inbox.TakeAsync(name);
        await client.PublishAsync($"free/{name}", "free", QualityOfService.AtMostOnce);
        Assert.Equal("free", await watcher.ReceiveTextAsync());
        var victim = cluster.Silos.First(one => one.Name == silo == isGrains);
        var leaving = isKilled ? cluster.KillSiloAsync(victim) : cluster.StopSiloAsync(victim);
        if (isKilled) await leaving;
        Gates.Open(name);
        var texts = new List<string>();
        while (texts.Distinct().Count() < 2 * Count) texts.Add(await watcher.ReceiveTextAsync());
        await Task.WhenAll(publishing);
        await leaving;
        // Each QoS 2 message once, and each kind in its order.
        Assert.Equal(Enumerable.Range(0, Count).Select(static i => $"once {i}"), texts.Where(static text => text.StartsWith("once", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(0, Count).Select(static i => $"again {i}"), texts.Where(static text => text.StartsWith("again", StringComparison.Ordinal)).Distinct());
    }
}

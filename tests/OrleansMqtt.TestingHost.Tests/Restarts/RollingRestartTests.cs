using System.Globalization;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.TestingHost.Tests.Support;

namespace OrleansMqtt.TestingHost.Tests.Restarts;

/// <summary>Every part of a cluster is stopped in good order and started again, one after the other, while clients go on.</summary>
public class RollingRestartTests
{
    private const string End = "end";

    [Fact]
    public async Task Of_silos_loses_nothing_at_any_quality_of_service()
    {
        await using var cluster = await StartAsync(silos: 3);
        await using var subscriber = await cluster.Gateways[0].ConnectAsync("subscriber");
        await subscriber.SubscribeAsync("numbers");
        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        var restarts = RestartSilosAsync(cluster);
        var published = 0;
        do
        {
            for (var qos = QualityOfService.AtMostOnce; qos <= QualityOfService.ExactlyOnce; qos++) await publisher.PublishAsync("numbers", $"{published++}", qos);
            // In lock step: what is acknowledged is there.
            for (var i = published - 3; i < published; i++) Assert.Equal($"{i}", await subscriber.ReceiveTextAsync());
        }
        while (!restarts.IsCompleted);
        await restarts;
    }

    [Fact]
    public async Task Of_silos_and_gateways_loses_nothing_and_duplicates_no_QoS_2_message_and_no_will()
    {
        await using var cluster = await StartAsync(silos: 3, configure: static builder =>
            builder.ConfigureGateway(static options => options with { Drain = new DrainOptions { ServerReference = "another.example" } }));
        await using var subscriber = new RoamingClient(cluster, "subscriber");
        await subscriber.SubscribeAsync("numbers");
        await using var mourner = new RoamingClient(cluster, "mourner");
        await mourner.SubscribeAsync("wills");
        await using var publisher = new RoamingClient(cluster, "publisher");
        var received = subscriber.ReceiveUntilAsync(static text => text == End);
        var mourned = mourner.ReceiveUntilAsync(static text => text == End);
        var restarts = RestartAllAsync(cluster);
        var published = 0;
        do await publisher.PublishAsync("numbers", (published++).ToString(CultureInfo.InvariantCulture));
        while (!restarts.IsCompleted);
        var wills = await restarts;
        await publisher.PublishAsync("numbers", End);
        await publisher.PublishAsync("wills", End);

        Assert.Equal([.. Enumerable.Range(0, published).Select(static i => $"{i}"), End], await received);
        Assert.Equal([.. wills.Order(StringComparer.Ordinal), End], (await mourned).OrderBy(static text => text == End).ThenBy(static text => text, StringComparer.Ordinal));
        Assert.All((RoamingClient[])[subscriber, mourner, publisher], static client => Assert.InRange(client.Moves, 1, int.MaxValue));
        Assert.Contains(ReasonCode.UseAnotherServer, publisher.Goodbyes.Concat(subscriber.Goodbyes));
    }

    private static async Task RestartSilosAsync(MqttTestCluster cluster)
    {
        foreach (var silo in cluster.Silos)
        {
            await cluster.RestartSiloAsync(silo);
            await cluster.ReadyAsync();
        }
    }

    // Returns the wills of those who were connected to a gateway when it stopped.
    private static async Task<List<string>> RestartAllAsync(MqttTestCluster cluster)
    {
        var wills = new List<string>();
        await RestartSilosAsync(cluster);
        foreach (var gateway in cluster.Gateways)
        {
            var will = $"will of {gateway}'s client";
            await using var mortal = await gateway.ConnectAsync(will, will: new Will { Topic = "wills", Payload = System.Text.Encoding.UTF8.GetBytes(will), QoS = QualityOfService.ExactlyOnce });
            await cluster.RestartGatewayAsync(gateway);
            await cluster.ReadyAsync();
            wills.Add(will);
        }
        return wills;
    }
}

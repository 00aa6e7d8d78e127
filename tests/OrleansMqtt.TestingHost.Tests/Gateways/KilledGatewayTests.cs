using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateways;

namespace OrleansMqtt.TestingHost.Tests.Gateways;

public class KilledGatewayTests
{
    [Fact]
    public async Task A_persistent_session_moves_to_another_gateway()
    {
        await using var cluster = await StartAsync();
        await using var subscriber = await cluster.Gateways[0].ConnectAsync("subscriber", sessionExpiry: Hour);
        await subscriber.SubscribeAsync("orders");
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        Assert.Null(await subscriber.Closed);
        Assert.False(cluster.Gateways[0].IsActive);

        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        await publisher.PublishAsync("orders", "1", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("orders", "2", QualityOfService.ExactlyOnce);
        // Until the others have noticed, the client would be refused: the gateway might still serve it.
        await cluster.ReadyAsync();
        await using var moved = await cluster.Gateways[1].ConnectAsync("subscriber", cleanStart: false, sessionExpiry: Hour);
        Assert.True(moved.ConnAck.SessionPresent);
        Assert.Equal("1", await moved.ReceiveTextAsync());
        Assert.Equal("2", await moved.ReceiveTextAsync());
        await publisher.PublishAsync("orders", "3");
        Assert.Equal("3", await moved.ReceiveTextAsync());
    }

    [Fact]
    public async Task Connections_break_without_a_goodbye_on_the_sockets_of_Kestrel_too()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1, static builder => builder.ConfigureGateway(static options => options with { Sockets = SocketEngine.Kestrel }));
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        Assert.Null(await client.Closed);
    }

    [Fact]
    public async Task Its_clients_wills_are_published_when_its_lease_is_over()
    {
        await using var cluster = await StartAsync();
        await using var watcher = await cluster.Gateways[1].ConnectAsync("watcher");
        await watcher.SubscribeAsync("wills");
        await using var dying = await cluster.Gateways[0].ConnectAsync("dying", will: new Will { Topic = "wills", Payload = "bye"u8.ToArray(), QoS = QualityOfService.AtLeastOnce });
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        Assert.Equal("bye", await watcher.ReceiveTextAsync());
    }

    [Fact]
    public async Task It_does_not_give_back_its_lease()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        Assert.Equal(2, await GatewaysOnRosterAsync(cluster));
    }

    [Fact]
    public async Task It_counts_as_alive_no_more_when_the_cluster_is_ready_again()
    {
        await using var cluster = await StartAsync();
        await cluster.KillGatewayAsync(cluster.Gateways[1]);
        await cluster.ReadyAsync();
        Assert.Equal(1, await GatewaysOnRosterAsync(cluster));
    }

    [Fact]
    public async Task It_can_be_started_again()
    {
        await using var cluster = await StartAsync();
        var gateway = cluster.Gateways[0];
        await using var before = await gateway.ConnectAsync("client", sessionExpiry: Hour);
        await before.SubscribeAsync("topic");
        await cluster.KillGatewayAsync(gateway);
        Assert.Throws<InvalidOperationException>(() => gateway.Port);
        await cluster.RestartGatewayAsync(gateway);
        Assert.Same(gateway, cluster.Gateways[0]);
        await cluster.ReadyAsync();
        await using var after = await gateway.ConnectAsync("client", cleanStart: false, sessionExpiry: Hour);
        Assert.True(after.ConnAck.SessionPresent);
        await after.PublishAsync("topic", "again");
        Assert.Equal("again", await after.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_was_on_its_way_to_the_silos_does_not_keep_it()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1);
        await using var publisher = await cluster.Gateways[0].ConnectAsync("publisher");
        await cluster.KillSiloAsync(cluster.Silos[0]);
        var publishing = publisher.PublishAsync("topic", "for nobody");
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        await Assert.ThrowsAsync<IOException>(() => publishing);
    }

    internal static async Task<int> GatewaysOnRosterAsync(MqttTestCluster cluster) => (await cluster.Grains.GetGrain<IGatewayRegistryGrain>(0).ReadAsync()).Gateways.Length;
}

namespace OrleansMqtt.TestingHost.Tests.Stores;

public class LastingStoreTests
{
    [Fact]
    public async Task A_store_outlives_its_cluster()
    {
        var store = new MqttTestStore();
        await using (var first = await StartAsync(gateways: 1, configure: builder => builder.UseStore(store.AddTo)))
        {
            await using var subscriber = await first.Gateways[0].ConnectAsync("subscriber", sessionExpiry: Hour);
            await subscriber.SubscribeAsync("orders");
            await subscriber.DisconnectAsync();
            await using var publisher = await first.Gateways[0].ConnectAsync("publisher");
            await publisher.PublishAsync("orders", "queued");
            await publisher.PublishAsync("kept", "retained", retain: true);
            await publisher.PublishAsync("emptied", "retained", retain: true);
            await publisher.PublishAsync("emptied", "", retain: true);
        }
        await using var second = await StartAsync(gateways: 1, configure: builder => builder.UseStore(store.AddTo));
        await using var back = await second.Gateways[0].ConnectAsync("subscriber", cleanStart: false, sessionExpiry: Hour);
        Assert.Equal("queued", await back.ReceiveTextAsync());
        await back.PublishAsync("orders", "by the stored subscription");
        Assert.Equal("by the stored subscription", await back.ReceiveTextAsync());
        await back.SubscribeAsync("emptied");
        await back.SubscribeAsync("kept");
        Assert.Equal("retained", await back.ReceiveTextAsync());
    }

    [Fact]
    public async Task Each_cluster_has_a_store_of_its_own_by_default()
    {
        var builder = new MqttTestClusterBuilder { Gateways = 1, Silos = 1 };
        await using var first = await builder.StartAsync(TestContext.Current.CancellationToken);
        await using var second = await builder.StartAsync(TestContext.Current.CancellationToken);
        await using var here = await first.Gateways[0].ConnectAsync("client", sessionExpiry: Hour);
        await using var there = await second.Gateways[0].ConnectAsync("client", cleanStart: false);
        Assert.False(there.ConnAck.SessionPresent);
    }
}

namespace OrleansMqtt.TestingHost.Tests.Clusters;

public class SideBySideTests
{
    [Fact]
    public async Task Two_clusters_in_one_process_know_nothing_of_each_other()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        Assert.Equal(4, one.Gateways.Concat(other.Gateways).Select(static gateway => gateway.Port).Distinct().Count());

        // The same client identifier and the same topic: neither takes the other over nor hears it.
        await using var here = await one.Gateways[0].ConnectAsync("client");
        await using var there = await other.Gateways[0].ConnectAsync("client");
        await here.SubscribeAsync("topic");
        await there.SubscribeAsync("topic");
        await here.PublishAsync("topic", "here");
        await there.PublishAsync("topic", "there");
        Assert.Equal("here", await here.ReceiveTextAsync());
        Assert.Equal("there", await there.ReceiveTextAsync());

        await one.KillGatewayAsync(one.Gateways[0]);
        await one.KillSiloAsync(one.Silos[0]);
        Assert.Null(await here.Closed);
        await there.PublishAsync("topic", "still there");
        Assert.Equal("still there", await there.ReceiveTextAsync());
    }
}

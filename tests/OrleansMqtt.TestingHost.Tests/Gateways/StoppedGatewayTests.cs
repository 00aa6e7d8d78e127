namespace OrleansMqtt.TestingHost.Tests.Gateways;

public class StoppedGatewayTests
{
    [Fact]
    public async Task It_says_goodbye_to_its_clients_and_leaves()
    {
        await using var cluster = await StartAsync();
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        await cluster.StopGatewayAsync(cluster.Gateways[0]);
        Assert.Equal(ReasonCode.ServerShuttingDown, (await client.Closed)?.ReasonCode);
        Assert.Equal(1, await KilledGatewayTests.GatewaysOnRosterAsync(cluster));
        Assert.False(cluster.Gateways[0].IsActive);
    }

    [Fact]
    public async Task One_more_gateway_takes_clients()
    {
        await using var cluster = await StartAsync(gateways: 0);
        var added = await cluster.StartAdditionalGatewayAsync();
        Assert.Same(added, Assert.Single(cluster.Gateways));
        Assert.Equal($"mqtt://127.0.0.1:{added.Port}/", added.Uri.ToString());
        await using var client = await added.ConnectAsync("client");
        await client.SubscribeAsync("echo");
        await client.PublishAsync("echo", "hello");
        Assert.Equal("hello", await client.ReceiveTextAsync());
    }
}

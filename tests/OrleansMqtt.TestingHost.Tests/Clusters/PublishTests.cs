namespace OrleansMqtt.TestingHost.Tests.Clusters;

public class PublishTests
{
    [Fact]
    public async Task Messages_cross_gateways_at_each_quality_of_service()
    {
        await using var cluster = await StartAsync();
        await using var one = await cluster.Gateways[0].ConnectAsync("one");
        await using var other = await cluster.Gateways[1].ConnectAsync("other");
        await one.SubscribeAsync("to/one");
        await other.SubscribeAsync("to/other");
        foreach (var qos in new[] { QualityOfService.AtMostOnce, QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce })
        {
            await one.PublishAsync("to/other", $"{qos}", qos);
            await other.PublishAsync("to/one", $"{qos}", qos);
            foreach (var client in new[] { one, other })
            {
                var received = await client.ReceiveAsync();
                Assert.Equal((qos, $"{qos}"), (received.QoS, System.Text.Encoding.UTF8.GetString(received.Payload.Span)));
            }
        }
    }

    [Fact]
    public async Task What_one_client_publishes_comes_in_its_order()
    {
        await using var cluster = await StartAsync();
        await using var subscriber = await cluster.Gateways[0].ConnectAsync("subscriber");
        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        await subscriber.SubscribeAsync("#");
        for (var i = 0; i < 100; i++) await publisher.PublishAsync($"topics/{i % 7}", $"{i}", QualityOfService.AtMostOnce);
        for (var i = 0; i < 100; i++) Assert.Equal($"{i}", await subscriber.ReceiveTextAsync());
    }

    [Fact]
    public async Task One_gateway_and_one_silo_are_a_cluster_too()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1);
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        await client.SubscribeAsync("echo");
        await client.PublishAsync("echo", "hello");
        Assert.Equal("hello", await client.ReceiveTextAsync());
    }
}

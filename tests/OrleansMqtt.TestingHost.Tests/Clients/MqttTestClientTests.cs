using System.Net;

namespace OrleansMqtt.TestingHost.Tests.Clients;

public class MqttTestClientTests
{
    [Fact]
    public async Task It_says_when_nobody_listens()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1);
        var endPoint = (IPEndPoint)cluster.Gateways[0].EndPoint;
        await cluster.StopGatewayAsync(cluster.Gateways[0]);
        await Assert.ThrowsAsync<IOException>(() => MqttTestClient.ConnectAsync(endPoint, new ConnectPacket { ClientId = "client" }));
    }

    [Fact]
    public async Task Each_protocol_version_and_many_operations_at_once_are_possible()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1);
        foreach (var version in new[] { ProtocolVersion.V31, ProtocolVersion.V311, ProtocolVersion.V50 })
        {
            await using var client = await cluster.Gateways[0].ConnectAsync(new ConnectPacket { ClientId = $"{version}", CleanStart = true, Version = version });
            await client.SubscribeAsync("many");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => client.PublishAsync("many", $"{i}", QualityOfService.ExactlyOnce)));
            var received = new List<int>();
            for (var i = 0; i < 50; i++) received.Add(int.Parse(await client.ReceiveTextAsync(), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(Enumerable.Range(0, 50), received.Order());
            await client.DisconnectAsync();
        }
    }

    [Fact]
    public async Task What_is_asked_after_the_end_fails()
    {
        await using var cluster = await StartAsync(gateways: 1, silos: 1);
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        await client.DisconnectAsync();
        await Assert.ThrowsAsync<IOException>(() => client.PublishAsync("topic", "late"));
        await Assert.ThrowsAsync<IOException>(client.ReceiveAsync);
    }
}

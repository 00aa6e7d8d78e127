using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>Sockets that are opened and say nothing, or not enough.</summary>
public sealed class HalfOpenConnectionsTests
{
    [Fact]
    public async Task The_oldest_goes_where_one_more_comes_and_clients_are_served()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxHalfOpenConnections = 3 });
        var beside = await broker.ConnectAsync("beside");
        var open = new List<TestClient>();
        for (var i = 1; i <= 3; i++)
        {
            open.Add(broker.Open());
            await Until.HoldsAsync(() => broker.Guards().HalfOpen.Count == i);
        }
        // A byte of CONNECT is none.
        await open[0].SendAsync(new byte[] { 0x10 });

        for (var round = 0; round < 10; round++)
        {
            open.Add(broker.Open());
            await open[round].ExpectClosedAsync();
        }

        Assert.Equal((3, 10L), (broker.Guards().HalfOpen.Count, broker.Metrics.Refused(RefusalKind.HalfOpenConnections)));
        await broker.ServesAsync(beside);
        // The latest can still connect.
        await open[^1].SendAsync(new ConnectPacket { ClientId = "late", CleanStart = true });
        Assert.Equal(ReasonCode.Success, (await open[^1].ReceiveAsync<ConnAckPacket>()).ReasonCode);
    }

    [Fact]
    public async Task Those_that_have_not_come_as_far_as_MQTT_are_some_of_them()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxHalfOpenConnections = 1 }, listener: new ListenerOptions { ProxyProtocol = true });
        using var first = new RawClient(broker);
        await first.SendAsync("50");
        await Until.HoldsAsync(() => broker.Guards().HalfOpen.Count == 1);
        using var second = new RawClient(broker);
        await first.ExpectClosedAsync();
        await second.SendAsync(Convert.ToHexString("PROXY TCP4 192.0.2.1 198.51.100.2 56324 1883\r\n"u8) + RawClient.Connect("second"));
        await second.ExpectAsync("20020000");
        Assert.Equal((0, 1L), (broker.Guards().HalfOpen.Count, broker.Metrics.Refused(RefusalKind.HalfOpenConnections)));
    }

    [Fact]
    public async Task Who_has_sent_CONNECT_is_none_of_them()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxHalfOpenConnections = 1 });
        for (var i = 0; i < 5; i++) await broker.ConnectAsync($"c{i}");
        Assert.Equal((0, 5L), (broker.Guards().HalfOpen.Count, broker.Metrics.Connected));
    }
}

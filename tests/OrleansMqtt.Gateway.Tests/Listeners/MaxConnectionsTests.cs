using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Listeners;

public sealed class MaxConnectionsTests
{
    [Theory]
    [InlineData(ProtocolVersion.V50, ReasonCode.ServerBusy)]
    [InlineData(ProtocolVersion.V311, ReasonCode.ServerUnavailable)]
    public async Task Who_comes_too_much_is_told_so_until_somebody_leaves(ProtocolVersion version, ReasonCode expected)
    {
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { MaxConnections = 2 });
        await broker.ConnectAsync("first");
        var second = await broker.ConnectAsync("second");
        for (var i = 0; i < 3; i++)
        {
            var third = broker.Open(version);
            await third.SendAsync(new ConnectPacket { ClientId = "third", CleanStart = true, Version = version });
            Assert.Equal(expected, (await third.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await third.ExpectClosedAsync();
        }
        await second.DisconnectAsync();
        await ConnectSoonAsync(broker, "third");
    }

    [Fact]
    public async Task Who_comes_too_much_waits_until_somebody_leaves()
    {
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { MaxConnections = 2, WhenFull = WhenFull.Wait });
        await broker.ConnectAsync("first");
        var second = await broker.ConnectAsync("second");
        var third = broker.Open();
        await third.SendAsync(new ConnectPacket { ClientId = "third", CleanStart = true });
        var answer = third.ReceiveAsync<ConnAckPacket>();
        await second.ExpectNothingAsync();
        Assert.False(answer.IsCompleted);
        // Its time to connect has not begun.
        broker.Time.Advance(TimeSpan.FromSeconds(60));
        await second.DisconnectAsync();
        Assert.Equal(ReasonCode.Success, (await answer).ReasonCode);
    }

    [Fact]
    public async Task A_listener_that_is_full_stops_at_once()
    {
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { MaxConnections = 1, WhenFull = WhenFull.Wait });
        await broker.ConnectAsync("first");
        broker.Open();
        await broker.StopAsync();
    }

    [Fact]
    public async Task Who_is_not_through_its_handshake_takes_a_place()
    {
        await using var broker = await TestBroker.StartAsync(listener: new ListenerOptions { MaxConnections = 1 });
        using var silent = new RawClient(broker);
        var second = broker.Open();
        await second.SendAsync(new ConnectPacket { ClientId = "second", CleanStart = true });
        Assert.Equal(ReasonCode.ServerBusy, (await second.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        broker.Time.Advance(TimeSpan.FromSeconds(12));
        await silent.ReadToEndAsync();
        await ConnectSoonAsync(broker, "third");
    }

    // A client sees that its connection is closed a moment before its place is free.
    private static async Task ConnectSoonAsync(TestBroker broker, string clientId)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while (true)
        {
            var client = broker.Open();
            await client.SendAsync(new ConnectPacket { ClientId = clientId, CleanStart = true });
            if ((await client.ReceiveAsync<ConnAckPacket>()).ReasonCode == ReasonCode.Success) return;
            guard.Token.ThrowIfCancellationRequested();
        }
    }
}

using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Connecting;

/// <summary>More clients connect than are admitted: one a second, and one at once.</summary>
public sealed class ConnectStormTests
{
    private static readonly GatewayLimits Limits = new() { MaxConnectsPerSecond = 1, ConnectBurst = 1, ConnectTimeoutSeconds = 5 };

    private static async Task<TestClient> ComeAsync(TestBroker broker, string clientId, ProtocolVersion version = ProtocolVersion.V50)
    {
        var admission = broker.Services.GetRequiredService<ConnectAdmission>();
        var before = admission.Waiting;
        var client = broker.Open(version);
        await client.SendAsync(new ConnectPacket { Version = version, ClientId = clientId, CleanStart = true });
        await UntilAsync(() => admission.Waiting > before);
        return client;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var guard = new CancellationTokenSource(TestBroker.HangGuard);
        while (!condition())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task They_wait_and_are_connected_in_their_order_while_those_that_are_connected_are_served()
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        var served = await broker.ConnectAsync("served");
        var waiting = new List<TestClient>();
        for (var i = 0; i < 3; i++) waiting.Add(await ComeAsync(broker, $"c{i}"));
        foreach (var client in waiting)
        {
            await served.SubscribeAsync("t");
            await served.PublishAsync("t", "m");
            Assert.Equal("m", await served.ReceiveTextAsync());
            var connected = broker.Metrics.Connected;
            broker.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ReasonCode.Success, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await client.SettledAsync();
            Assert.Equal(connected + 1, broker.Metrics.Connected);
        }
    }

    [Theory]
    [InlineData(ProtocolVersion.V50, ReasonCode.ConnectionRateExceeded)]
    [InlineData(ProtocolVersion.V311, ReasonCode.ServerUnavailable)]
    public async Task Who_finds_no_place_in_line_is_refused(ProtocolVersion version, ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        await broker.ConnectAsync("first");
        for (var i = 0; i < Limits.ConnectTimeoutSeconds; i++) await ComeAsync(broker, $"c{i}");
        var last = broker.Open(version);
        await last.SendAsync(new ConnectPacket { Version = version, ClientId = "last", CleanStart = true });

        Assert.Equal(reason, (await last.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await last.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(ProtocolVersion.V50, ReasonCode.ConnectionRateExceeded)]
    [InlineData(ProtocolVersion.V311, ReasonCode.ServerUnavailable)]
    public async Task Whose_turn_does_not_come_in_the_time_to_connect_is_refused(ProtocolVersion version, ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync(Limits with { MaxConnectsPerSecond = 1, ConnectTimeoutSeconds = 2 });
        await broker.ConnectAsync("first");
        var slow = broker.Open(version);
        await UntilAsync(() => broker.Metrics.Accepted == 2);
        // It takes its time before it sends CONNECT, and finds another one in line.
        var next = await ComeAsync(broker, "next");
        broker.Time.Advance(TimeSpan.FromSeconds(0.5));
        await slow.SendAsync(new ConnectPacket { Version = version, ClientId = "slow", CleanStart = true });
        await UntilAsync(() => broker.Services.GetRequiredService<ConnectAdmission>().Waiting == 2);
        broker.Time.Leap(TimeSpan.FromSeconds(1.4));
        Assert.Equal(ReasonCode.Success, (await next.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        broker.Time.Leap(TimeSpan.FromSeconds(0.1));

        Assert.Equal(reason, (await slow.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await slow.ExpectClosedAsync();
    }

    [Fact]
    public async Task Who_leaves_while_it_waits_takes_nobody_s_turn_and_no_session()
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        await broker.ConnectAsync("first");
        var gone = await ComeAsync(broker, "gone");
        var next = await ComeAsync(broker, "next");
        gone.Abort();
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => broker.Services.GetRequiredService<ConnectAdmission>().Waiting == 1);
        await UntilAsync(() => broker.Services.GetRequiredService<Gateway.Connections.ConnectionRegistry>().Connections.Count() == 2);
        broker.Time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(ReasonCode.Success, (await next.ReceiveAsync<ConnAckPacket>()).ReasonCode);
    }

    [Fact]
    public async Task A_broker_that_stops_closes_those_that_wait()
    {
        await using var broker = await TestBroker.StartAsync(Limits);
        var connected = await broker.ConnectAsync("first");
        var waiting = await ComeAsync(broker, "waiting");
        await broker.StopAsync();

        await waiting.ExpectClosedAsync();
        await connected.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
    }
}

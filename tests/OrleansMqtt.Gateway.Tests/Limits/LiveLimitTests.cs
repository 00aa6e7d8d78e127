using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>Limits that change while clients are connected.</summary>
public sealed class LiveLimitTests
{
    [Fact]
    public async Task What_CONNACK_has_announced_stays_and_who_comes_later_is_told_something_else()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 10, MaxPacketBytes = 1000, TopicAliasMaximum = 5 });
        var before = await broker.ConnectAsync("before");
        broker.Change(static limits => limits with { ReceiveMaximum = 1, MaxPacketBytes = 100, TopicAliasMaximum = 0 });
        var after = await broker.ConnectAsync("after");
        Assert.Equal(((ushort?)10, 1000u, (ushort?)5), (before.ConnAck!.ReceiveMaximum, before.ConnAck.MaximumPacketSize, before.ConnAck.TopicAliasMaximum));
        Assert.Equal(((ushort?)1, 100u, (ushort?)0), (after.ConnAck!.ReceiveMaximum, after.ConnAck.MaximumPacketSize, after.ConnAck.TopicAliasMaximum));

        await before.SendAsync(new PublishPacket { Topic = "t", TopicAlias = 5, Payload = new byte[500] });
        for (ushort i = 1; i <= 10; i++) await before.SendPublishAsync("t", "m", QualityOfService.ExactlyOnce, i);
        for (ushort i = 1; i <= 10; i++) await before.ExpectAsync(PacketType.PubRec, i, ReasonCode.NoMatchingSubscribers);
        await before.ExpectNothingAsync();

        await after.SendAsync(new PublishPacket { Topic = "t", Payload = new byte[500] });
        await after.ExpectDisconnectAsync(ReasonCode.PacketTooLarge);
    }

    [Fact]
    public async Task Everything_else_holds_for_those_that_are_connected()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, slow) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("slow"));
        await client.SubscribeAsync("a");
        broker.Change(static limits => limits with { MaxSubscriptionsPerClient = 1, MaxTopicLevels = 2, MaxConnections = 2, MaxConnectionsPerAddress = 1 });
        Assert.Equal([ReasonCode.QuotaExceeded], await client.SubscribeAsync("b"));
        Assert.Equal(ReasonCode.TopicNameInvalid, await slow.PublishAsync("a/b/c", "m", QualityOfService.AtLeastOnce));
        Assert.Equal(ReasonCode.ConnectionRateExceeded, (await broker.TryConnectAsync("third")).ConnAck.ReasonCode);
        broker.Change(static limits => limits with { MaxConnectionsPerAddress = 0 });
        Assert.Equal(ReasonCode.ServerBusy, (await broker.TryConnectAsync("third")).ConnAck.ReasonCode);
        Assert.Equal(1, broker.Metrics.Refused(RefusalKind.Connections));
        broker.Change(static _ => new GatewayLimits());
        Assert.Equal([ReasonCode.GrantedQos2], await client.SubscribeAsync("b"));
        Assert.Equal(ReasonCode.Success, (await broker.TryConnectAsync("third")).ConnAck.ReasonCode);
    }

    [Fact]
    public async Task The_bounds_of_an_outbox_and_a_queue_change_for_who_has_them()
    {
        await using var broker = await TestBroker.StartAsync(serverToClientBuffer: 4096);
        var (slow, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        broker.Change(static limits => limits with { MaxOutboxBytes = 8192, Session = new SessionLimits { MaxQueuedMessages = 3 } });
        for (var i = 0; i < 100; i++) await publisher.PublishAsync("t", $"{i}".PadRight(500), i % 2 == 0 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce);
        Assert.True(broker.Metrics.Dropped(DropReason.SlowConsumer) > 30);
        Assert.True(broker.Metrics.Dropped(DropReason.QueueFull) > 30);
        await slow.ReceiveAllAsync((int)(100 - broker.Metrics.TotalDropped));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Those_in_line_go_at_once_where_the_rate_of_connects_goes()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnectsPerSecond = 1, ConnectBurst = 1, ConnectTimeoutSeconds = 100 });
        await broker.ConnectAsync("first");
        var waiting = Enumerable.Range(0, 5).Select(i => broker.TryConnectAsync($"c{i}")).ToList();
        await Until.HoldsAsync(() => broker.Guards().HalfOpen.Count == 0);
        broker.Change(static limits => limits with { MaxConnectsPerSecond = 0 });
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var client in waiting) Assert.Equal(ReasonCode.Success, (await client).ConnAck.ReasonCode);
    }
}

using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Limits;

public sealed class SubscriptionLimitTests
{
    private const ReasonCode Granted = ReasonCode.GrantedQos2;

    // SUBACK of 3.1.1 has one code for all that is refused.
    private static ReasonCode Refused(ReasonCode reason, ProtocolVersion version) => version == ProtocolVersion.V50 ? reason : ReasonCode.UnspecifiedError;

    private static Subscription[] Filters(params string[] filters) => [.. filters.Select(static filter => new Subscription { Filter = filter, MaximumQoS = QualityOfService.ExactlyOnce })];

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task A_client_has_no_more_than_it_may_and_replacing_one_takes_no_room(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxSubscriptionsPerClient = 3 });
        var (many, beside) = (await broker.ConnectAsync("many", version), await broker.ConnectAsync("beside"));
        var no = Refused(ReasonCode.QuotaExceeded, version);
        Assert.Equal([Granted, Granted, Granted], await many.SubscribeAsync(Filters("a", "b", "a")));
        Assert.Equal([Granted, no, Granted, no], await many.SubscribeAsync(Filters("c", "d", "b", "e")));
        Assert.Equal((2L, 3L), (broker.Metrics.Refused(RefusalKind.Subscriptions), broker.Metrics.Subscriptions));
        await broker.ServesAsync(beside);
        // What was granted is there, what was refused is not.
        var publisher = await broker.ConnectAsync("p");
        foreach (var topic in (string[])["a", "c", "d"]) await publisher.PublishAsync(topic, topic, QualityOfService.AtLeastOnce);
        Assert.Equal(["a", "c"], await many.ReceiveTextsAsync(2));
        await many.ExpectNothingAsync();
        await many.UnsubscribeAsync("a");
        Assert.Equal([Granted], await many.SubscribeAsync(Filters("d")));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task A_client_subscribes_no_faster_than_it_may(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxSubscriptionsPerMinute = 6 });
        var many = await broker.ConnectAsync("many", version);
        var no = Refused(ReasonCode.QuotaExceeded, version);
        Assert.Equal([Granted, Granted, Granted, Granted], await many.SubscribeAsync(Filters("a", "b", "c", "a")));
        Assert.Equal([Granted, Granted, no, no], await many.SubscribeAsync(Filters("a", "b", "c", "d")));
        broker.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([Granted, no], await many.SubscribeAsync(Filters("c", "d")));
        Assert.Equal(3, broker.Metrics.Refused(RefusalKind.SubscribeRate));
        // Another client has a rate of its own.
        Assert.Equal([Granted], await (await broker.ConnectAsync("other", version)).SubscribeAsync(Filters("a")));
    }

    [Fact]
    public async Task A_3_1_client_that_could_not_be_told_is_closed()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxSubscriptionsPerClient = 1 });
        var many = await broker.ConnectAsync("many", ProtocolVersion.V31);
        await many.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = Filters("a", "b") });
        await many.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task Filters_are_bounded_in_bytes_and_levels(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxTopicBytes = 10, MaxTopicLevels = 3 });
        var client = await broker.ConnectAsync("c", version);
        var no = Refused(ReasonCode.TopicFilterInvalid, version);
        // Of a shared one the filter counts; a character may have several bytes.
        Assert.Equal([Granted, no, Granted, no, Granted, no, no], await client.SubscribeAsync(Filters("1234567890", "12345678901", "a/b/c", "a/b/c/d", "$share/group/1/2", "///", "ααααα1")));
        Assert.Equal(4, broker.Metrics.Refused(RefusalKind.Topic));
        // The broker's own are as long as they are.
        Assert.Equal([Granted, no], await client.SubscribeAsync(Filters("$SYS/broker/publish/messages/received", "$SYS/broker/a/b/c/d")));
    }

    [Theory]
    [InlineData("+/a", ReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("#", ReasonCode.WildcardSubscriptionsNotSupported)]
    [InlineData("$share/g/a", ReasonCode.SharedSubscriptionsNotSupported)]
    [InlineData("$oshare/g/a", ReasonCode.SharedSubscriptionsNotSupported)]
    [Normative("3.1.1", "MQTT-3.8.3-2")]
    public async Task Kinds_that_are_not_available_are_announced_and_refused(string filter, ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { WildcardSubscriptionsAvailable = false, SharedSubscriptionsAvailable = false });
        var (v5, v3) = (await broker.ConnectAsync("v5"), await broker.ConnectAsync("v3", ProtocolVersion.V311));
        Assert.Equal((false, false), (v5.ConnAck!.WildcardSubscriptionAvailable, v5.ConnAck.SharedSubscriptionAvailable));
        Assert.Equal([Granted], await v5.SubscribeAsync(Filters("plain")));
        await v5.SendAsync(new SubscribePacket { PacketId = 9, Subscriptions = Filters(filter) });
        await v5.ExpectDisconnectAsync(reason);
        Assert.Equal([ReasonCode.UnspecifiedError, Granted], await v3.SubscribeAsync(Filters(filter, "plain")));
        Assert.Equal(2, broker.Metrics.Refused(RefusalKind.SubscriptionKind));
    }

    [Fact]
    public async Task What_is_not_limited_is_not_announced()
    {
        await using var broker = await TestBroker.StartAsync();
        var connAck = (await broker.ConnectAsync("c")).ConnAck!;
        Assert.Equal((null, null, null, null), (connAck.MaximumQoS, connAck.RetainAvailable, connAck.WildcardSubscriptionAvailable, connAck.SharedSubscriptionAvailable));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-10")]
    public async Task A_subscription_is_granted_no_more_than_the_highest_quality_of_service()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxQoS = QualityOfService.AtLeastOnce });
        foreach (var version in (ProtocolVersion[])[ProtocolVersion.V50, ProtocolVersion.V311])
        {
            var client = await broker.ConnectAsync($"{version}", version);
            Assert.Equal([ReasonCode.GrantedQos1], await client.SubscribeAsync(Filters("t")));
        }
    }
}

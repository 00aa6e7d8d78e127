using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>Messages that may not be as they are.</summary>
public sealed class PublishLimitTests
{
    private static readonly GatewayLimits Short = new() { MaxTopicBytes = 10, MaxTopicLevels = 3 };

    public static readonly TheoryData<string> TooLong = new("12345678901", "a/b/c/d", "///", "ααααα1");

    [Theory]
    [MemberData(nameof(TooLong))]
    public async Task Topic_names_are_bounded_in_bytes_and_levels(string topic)
    {
        await using var broker = await TestBroker.StartAsync(Short);
        var (client, subscriber) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("#");
        Assert.Equal(ReasonCode.TopicNameInvalid, await client.PublishAsync(topic, "m", QualityOfService.AtLeastOnce));
        Assert.Equal(ReasonCode.TopicNameInvalid, await client.PublishAsync(topic, "m", QualityOfService.ExactlyOnce));
        await client.PublishAsync(topic, "m");
        foreach (var allowed in (string[])["1234567890", "a/b/c", "//"]) Assert.Equal(ReasonCode.Success, await client.PublishAsync(allowed, allowed, QualityOfService.AtLeastOnce));
        Assert.Equal(["1234567890", "a/b/c", "//"], await subscriber.ReceiveTextsAsync(3));
        Assert.Equal(3, broker.Metrics.Refused(RefusalKind.Topic));
        broker.AssertAccounts();
    }

    [Theory]
    [MemberData(nameof(TooLong))]
    public async Task A_3_1_1_client_that_cannot_be_told_is_closed_but_for_QoS_0(string topic)
    {
        await using var broker = await TestBroker.StartAsync(Short);
        var client = await broker.ConnectAsync("c", ProtocolVersion.V311);
        await client.SendPublishAsync(topic, "m", QualityOfService.AtMostOnce, 0);
        await client.ExpectNothingAsync();
        await client.SendPublishAsync(topic, "m", QualityOfService.AtLeastOnce, 1);
        await client.ExpectClosedAsync();
        Assert.Equal(2, broker.Metrics.Refused(RefusalKind.Topic));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    [Normative("5.0", "MQTT-3.2.2-13")]
    public async Task Nothing_is_retained_where_that_is_switched_off(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { RetainAvailable = false });
        var (client, beside) = (await broker.ConnectAsync("c", version), await broker.ConnectAsync("beside"));
        if (version == ProtocolVersion.V50) Assert.False(client.ConnAck!.RetainAvailable);
        await client.SendAsync(new PublishPacket { Topic = "t", Retain = true });
        await client.ExpectDisconnectAsync(ReasonCode.RetainNotSupported);
        Assert.Equal(ReasonCode.RetainNotSupported.In(version), (await broker.TryConnectAsync("c", version, will: V311Extensions.Will("w", "m", retain: true))).ConnAck.ReasonCode);
        Assert.Equal((2L, 0L), (broker.Metrics.Refused(RefusalKind.Retained), broker.Metrics.Retained));
        await broker.ServesAsync(beside);
    }

    [Fact]
    public async Task What_was_retained_before_is_not_sent_any_more()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.PublishAsync("t", "before", QualityOfService.AtLeastOnce, retain: true);
        broker.Change(static limits => limits with { RetainAvailable = false });
        await client.SubscribeAsync("t");
        await client.ExpectNothingAsync();
        broker.Change(static limits => limits with { RetainAvailable = true });
        await client.SubscribeAsync("t");
        Assert.Equal("before", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtMostOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce)]
    [Normative("5.0", "MQTT-3.2.2-9")]
    [Normative("5.0", "MQTT-3.2.2-12")]
    public async Task No_message_has_a_higher_quality_of_service_than_is_allowed(ProtocolVersion version, QualityOfService maximum)
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxQoS = maximum });
        var client = await broker.ConnectAsync("c", version);
        if (version == ProtocolVersion.V50) Assert.Equal(maximum, client.ConnAck!.MaximumQoS);
        await client.PublishAsync("t", "m", maximum);
        await client.SendPublishAsync("t", "m", maximum + 1, 7);
        await client.ExpectDisconnectAsync(ReasonCode.QosNotSupported);
        Assert.Equal(ReasonCode.QosNotSupported.In(version), (await broker.TryConnectAsync("c", version, will: V311Extensions.Will("w", "m", maximum + 1))).ConnAck.ReasonCode);
        Assert.Equal(2, broker.Metrics.Refused(RefusalKind.QualityOfService));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task A_will_keeps_to_the_limits_of_messages(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(Short with { Retained = new RetainedLimits { MaxRetainedMessageBytes = 5 } });
        Assert.Equal(ReasonCode.TopicNameInvalid.In(version), (await broker.TryConnectAsync("c", version, will: V311Extensions.Will("a/b/c/d", "m"))).ConnAck.ReasonCode);
        Assert.Equal(ReasonCode.QuotaExceeded.In(version), (await broker.TryConnectAsync("c", version, will: V311Extensions.Will("w", "12345", retain: true))).ConnAck.ReasonCode);
        Assert.Equal(ReasonCode.Success, (await broker.TryConnectAsync("c", version, will: V311Extensions.Will("w", "1234", retain: true))).ConnAck.ReasonCode);
    }

    [Fact]
    public async Task One_that_is_too_large_to_be_retained_goes_to_nobody_and_its_publisher_is_told()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Retained = new RetainedLimits { MaxRetainedMessageBytes = 5 } });
        var (client, subscriber) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("t");
        Assert.Equal(ReasonCode.QuotaExceeded, await client.PublishAsync("t", "12345", QualityOfService.AtLeastOnce, retain: true));
        Assert.Equal(ReasonCode.QuotaExceeded, await client.PublishAsync("t", "12345", QualityOfService.ExactlyOnce, retain: true));
        await client.PublishAsync("t", "12345", retain: true);
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("t", "1234", QualityOfService.AtLeastOnce, retain: true));
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("t", "12345", QualityOfService.AtLeastOnce));
        Assert.Equal(["1234", "12345"], await subscriber.ReceiveTextsAsync(2));
        Assert.Equal((3L, 1L), (broker.Metrics.Refused(RefusalKind.Retained), broker.Metrics.Retained));
    }

    [Fact]
    public async Task A_silent_client_has_the_grace_that_is_allowed()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { KeepAliveGraceSeconds = 10 });
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "c", CleanStart = true, KeepAlive = 2 });
        await client.SettledAsync();
        for (var i = 0; i < 12; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectNothingAsync();
        for (var i = 0; i < 14; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectDisconnectAsync(ReasonCode.KeepAliveTimeout);
    }
}

using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Settings;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>More is to be retained than there may be.</summary>
public sealed class RetainedLimitTests
{
    private static Task<TestBroker> StartAsync(RetainedLimits limits, GatewayOptions? options = null) =>
        TestBroker.StartAsync(options: options, configure: services => services.AddSingleton(new Live<RetainedLimits>(limits)));

    private static Task<ReasonCode> RetainAsync(TestClient client, string topic, string text = "m", QualityOfService qos = QualityOfService.AtLeastOnce) =>
        client.PublishAsync(topic, text, qos, retain: true);

    private static async Task<string[]> RetainedAsync(TestBroker broker, int count)
    {
        var reader = await broker.ConnectAsync("");
        await reader.SubscribeAsync("#");
        var received = await reader.ReceiveAllAsync(count);
        await reader.ExpectNothingAsync();
        await broker.LeaveAsync(reader, reader.ConnAck!.AssignedClientIdentifier!);
        return [.. received.Select(static m => m.Topic).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task One_topic_too_many_is_refused_and_what_is_there_can_be_replaced_and_removed(QualityOfService qos)
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedMessages = 3 });
        var client = await broker.ConnectAsync("c");
        for (var i = 0; i < 3; i++) Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, $"t/{i}", qos: qos));
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "t/3", qos: qos));
        // QoS 2 that was refused is over: the identifier may be used again.
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "t/0", "another", qos));
        await client.PublishAsync("t/4", "m", retain: true);
        await client.ExpectNothingAsync();
        Assert.Equal(["t/0", "t/1", "t/2"], await RetainedAsync(broker, 3));
        await Until.HoldsAsync(() => broker.Metrics.Refused(RefusalKind.Retained) == 2);
        await RetainAsync(client, "t/1", "", qos);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "t/3", qos: qos));
        Assert.Equal(["t/0", "t/2", "t/3"], await RetainedAsync(broker, 3));
    }

    [Fact]
    public async Task Bytes_are_bounded_too()
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedBytes = 100 });
        var client = await broker.ConnectAsync("c");
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "a", new string('x', 49)));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "b", new string('x', 49)));
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "c", "x"));
        // To replace one by a larger one takes room, by a smaller one gives it.
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "a", new string('x', 50)));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "a", new string('x', 47)));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "c", "x"));
        Assert.Equal(["a", "b", "c"], await RetainedAsync(broker, 3));
    }

    [Fact]
    public async Task Subscribers_get_what_could_not_be_retained()
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedMessages = 1 });
        var (client, subscriber, away) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("s"), await broker.ConnectAsync("away", sessionExpiry: 100));
        foreach (var receiver in (TestClient[])[subscriber, away]) await receiver.SubscribeAsync("t/#");
        await broker.LeaveAsync(away, "away");
        foreach (var topic in (string[])["t/0", "t/1"]) await RetainAsync(client, topic, topic);
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "t/2", "t/2"));
        Assert.Equal(["t/0", "t/1", "t/2"], await subscriber.ReceiveTextsAsync(3));
        away = await broker.ConnectAsync("away", cleanStart: false, sessionExpiry: 100);
        Assert.Equal(["t/0", "t/1", "t/2"], await away.ReceiveTextsAsync(3));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_3_1_1_client_that_cannot_be_told_is_closed_but_for_QoS_0()
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedMessages = 1 });
        var (full, client, beside) = (await broker.ConnectAsync("full"), await broker.ConnectAsync("c", ProtocolVersion.V311), await broker.ConnectAsync("beside"));
        await RetainAsync(full, "a");
        await client.PublishAsync("b", "m", retain: true);
        await client.ExpectNothingAsync();
        await client.SendAsync(new PublishPacket { Topic = "b", Retain = true, QoS = QualityOfService.AtLeastOnce, PacketId = 1, Payload = "m"u8.ToArray() });
        await client.ExpectClosedAsync();
        await broker.ServesAsync(beside);
        await Until.HoldsAsync(() => broker.Metrics.Refused(RefusalKind.Retained) == 2);
    }

    [Fact]
    public async Task QoS_2_of_a_persistent_session_and_a_will_come_to_their_end()
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedMessages = 1 });
        var (full, subscriber) = (await broker.ConnectAsync("full"), await broker.ConnectAsync("s"));
        await RetainAsync(full, "a");
        await subscriber.SubscribeAsync("#");
        Assert.Equal("m", await subscriber.ReceiveTextAsync());
        var client = await broker.ConnectAsync("c", sessionExpiry: 100, will: V311Extensions.Will("will", "gone", QualityOfService.AtLeastOnce, retain: true));
        Assert.Equal(ReasonCode.Success, await RetainAsync(client, "b", "twice", QualityOfService.ExactlyOnce));
        Assert.Equal("twice", await subscriber.ReceiveTextAsync());
        await broker.LoseAsync(client, "c");
        Assert.Equal("gone", await subscriber.ReceiveTextAsync());
        // Neither is tried again.
        for (var i = 0; i < 5; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await subscriber.ExpectNothingAsync();
        Assert.Equal(["a"], await RetainedAsync(broker, 1));
    }

    [Fact]
    public async Task What_expires_makes_room_and_the_broker_s_own_topics_take_none()
    {
        await using var broker = await StartAsync(new RetainedLimits { MaxRetainedMessages = 1 }, new GatewayOptions { SysInterval = TimeSpan.FromSeconds(10) });
        var client = await broker.ConnectAsync("c");
        await client.SendAsync(new PublishPacket { Topic = "a", Retain = true, QoS = QualityOfService.AtLeastOnce, PacketId = 1, Payload = "m"u8.ToArray(), MessageExpiryInterval = 5 });
        await client.ExpectAsync(PacketType.PubAck, 1, ReasonCode.NoMatchingSubscribers);
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "b"));
        broker.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Empty(await RetainedAsync(broker, 0));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "b"));
        await client.SubscribeAsync("$SYS/broker/uptime");
        Assert.True((await client.ReceivePublishAsync()).Retain);
    }

    [Fact]
    public async Task It_may_change()
    {
        await using var broker = await StartAsync(new RetainedLimits());
        var (client, limits) = (await broker.ConnectAsync("c"), broker.Services.GetRequiredService<Live<RetainedLimits>>());
        foreach (var topic in (string[])["a", "b"]) await RetainAsync(client, topic);
        limits.Set(new RetainedLimits { MaxRetainedMessages = 2 });
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "c"));
        limits.Set(new RetainedLimits { MaxRetainedMessages = 3 });
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await RetainAsync(client, "c"));
    }

    [Fact]
    public async Task A_gateway_without_a_silo_is_told_as_well()
    {
        await using var mesh = await TestMesh.StartAsync(configure: services => services.AddSingleton(new Live<RetainedLimits>(new RetainedLimits { MaxRetainedMessages = 1 })));
        var gateway = await mesh.AddGatewayAsync("g");
        var (client, subscriber) = (await gateway.ConnectAsync("c"), await gateway.ConnectAsync("s"));
        await subscriber.SubscribeAsync("#");
        Assert.Equal(ReasonCode.Success, await RetainAsync(client, "a", "a"));
        Assert.Equal(ReasonCode.QuotaExceeded, await RetainAsync(client, "b", "b"));
        // What follows is not held for lost because of it.
        Assert.Equal(ReasonCode.Success, await client.PublishAsync("b", "c", QualityOfService.AtLeastOnce));
        Assert.Equal(["a", "b", "c"], await subscriber.ReceiveTextsAsync(3));
        mesh.AssertAccounts();
    }
}

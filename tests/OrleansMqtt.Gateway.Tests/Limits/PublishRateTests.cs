using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>A client that publishes faster than it may: ten messages a second, and ten at once.</summary>
public sealed class PublishRateTests
{
    private const int Rate = 10;
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);

    private static GatewayLimits Limits(OverRatePolicy policy, int messages = Rate, long bytes = 0, int userMessages = 0) => new()
    {
        Rates = new RateLimits { MaxClientMessagesInPerSecond = messages, MaxClientBytesInPerSecond = bytes, MaxUserMessagesInPerSecond = userMessages, WhenOverRate = policy },
    };

    /// <summary>Many messages in one write, so that the broker reads them together.</summary>
    private static Task FloodAsync(TestClient client, int count, QualityOfService qos, string topic = "t") => client.SendAsync(
        Enumerable.Range(1, count)
            .SelectMany(i => PacketEncoder.Encode(new PublishPacket { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes($"{i}"), QoS = qos, PacketId = (ushort)(qos == 0 ? 0 : i) }, client.Version))
            .ToArray());

    [Theory]
    [InlineData(ProtocolVersion.V50, OverRatePolicy.HoldBack)]
    [InlineData(ProtocolVersion.V311, OverRatePolicy.HoldBack)]
    [InlineData(ProtocolVersion.V311, OverRatePolicy.Refuse)]
    public async Task Who_is_held_back_waits_and_loses_nothing(ProtocolVersion version, OverRatePolicy policy)
    {
        await using var broker = await TestBroker.StartAsync(Limits(policy));
        var (fast, beside, subscriber) = (await broker.ConnectAsync("fast", version), await broker.ConnectAsync("beside"), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("t");
        await FloodAsync(fast, Rate + 5, QualityOfService.AtLeastOnce);
        Assert.Equal(Enumerable.Range(1, Rate).Select(static i => $"{i}"), await subscriber.ReceiveTextsAsync(Rate));
        for (var i = 1; i <= Rate; i++) await fast.ExpectAcknowledgementAsync(PacketType.PubAck, (ushort)i);

        for (var i = Rate + 1; i <= Rate + 5; i++)
        {
            await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
            await subscriber.ExpectNothingAsync();
            await broker.ServesAsync(beside);
            broker.Time.Advance(Tenth);
            Assert.Equal($"{i}", await subscriber.ReceiveTextAsync());
            await fast.ExpectAcknowledgementAsync(PacketType.PubAck, (ushort)i);
        }
        Assert.Equal(0, broker.Metrics.Refused(RefusalKind.PublishRate));
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task Refused_messages_are_told_and_those_behind_them_are_understood(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.Refuse));
        var (fast, subscriber) = (await broker.ConnectAsync("fast"), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("#");
        await FloodAsync(fast, Rate + 5, qos);
        var first = qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
        for (var i = 1; i <= Rate + 5; i++) await fast.ExpectAsync(first, (ushort)i, i <= Rate ? ReasonCode.Success : ReasonCode.QuotaExceeded);
        Assert.Equal(5, broker.Metrics.Refused(RefusalKind.PublishRate));
        // What was refused is over: its identifier is free, and does not count towards the Receive Maximum.
        broker.Time.Advance(Tenth);
        Assert.Equal(ReasonCode.Success, await fast.PublishAtLeastOnceAsync(new PublishPacket { Topic = "after", QoS = QualityOfService.AtLeastOnce, PacketId = Rate + 5 }));
        var received = await subscriber.ReceiveAllAsync(Rate + 1);
        Assert.Equal("after", received[^1].Topic);
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_repeat_of_a_QoS_2_message_that_is_known_is_no_further_message()
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.Refuse, messages: 1));
        var fast = await broker.ConnectAsync("fast");
        await fast.SendPublishAsync("t", "m", QualityOfService.ExactlyOnce, 1);
        await fast.ExpectAsync(PacketType.PubRec, 1, ReasonCode.NoMatchingSubscribers);
        await fast.SendPublishAsync("t", "m", QualityOfService.ExactlyOnce, 1, duplicate: true);
        await fast.ExpectAsync(PacketType.PubRec, 1);
        await fast.SendPublishAsync("t", "m", QualityOfService.ExactlyOnce, 2);
        await fast.ExpectAsync(PacketType.PubRec, 2, ReasonCode.QuotaExceeded);
    }

    [Fact]
    public async Task QoS_0_is_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.Refuse));
        var (fast, subscriber) = (await broker.ConnectAsync("fast"), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("t");
        await FloodAsync(fast, 100, QualityOfService.AtMostOnce);
        await fast.ExpectNothingAsync();
        Assert.Equal(Rate, (await subscriber.ReceiveTextsAsync(Rate)).Count);
        await subscriber.ExpectNothingAsync();
        Assert.Equal(90, broker.Metrics.Refused(RefusalKind.PublishRate));
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task Or_the_client_is_disconnected(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.Disconnect));
        var (fast, subscriber) = (await broker.ConnectAsync("fast", version), await broker.ConnectAsync("subscriber"));
        await subscriber.SubscribeAsync("t");
        await FloodAsync(fast, Rate + 1, QualityOfService.AtMostOnce);
        await fast.ExpectDisconnectAsync(ReasonCode.MessageRateTooHigh);
        Assert.Equal(Rate, (await subscriber.ReceiveTextsAsync(Rate)).Count);
        await broker.ServesAsync(subscriber);
        Assert.Equal(1, broker.Metrics.Refused(RefusalKind.PublishRate));
    }

    [Fact]
    public async Task Bytes_count_of_packets_of_all_kinds()
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.HoldBack, messages: 0, bytes: 100));
        var client = await broker.ConnectAsync("c", ProtocolVersion.V311);
        // Fifty pings of two bytes.
        await client.SendAsync(Enumerable.Repeat<byte[]>([0xC0, 0x00], 60).SelectMany(static ping => ping).ToArray());
        for (var i = 0; i < 60; i++) await client.ReceiveAsync<PingRespPacket>();
        await client.SendAsync(new byte[] { 0xC0, 0x00 });
        await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
        // 120 bytes have come, 100 may at once: 20 are owed, and one for the next.
        broker.Time.Advance(TimeSpan.FromMilliseconds(209));
        Assert.Equal(1, broker.Guards().Pauses.Count);
        broker.Time.Advance(TimeSpan.FromMilliseconds(1));
        await client.ReceiveAsync<PingRespPacket>();
    }

    [Fact]
    public async Task All_connections_of_a_user_share_what_the_user_may()
    {
        await using var broker = await Doors.StartAsync([Asked.NamesakePasswords()], limits: Limits(OverRatePolicy.Refuse, messages: 0, userMessages: Rate));
        var clients = new List<TestClient>();
        foreach (var user in (string[])["ann", "ann", "bob"]) clients.Add(await broker.ConnectAsync(Doors.As(user, $"c{clients.Count}")));
        Assert.Equal(2, broker.Guards().Users.Count);
        var sent = 0;
        foreach (var client in clients[..2])
        {
            await FloodAsync(client, Rate * 2 / 3, QualityOfService.AtLeastOnce);
            for (ushort i = 1; i <= Rate * 2 / 3; i++) await client.ExpectAsync(PacketType.PubAck, i, ++sent <= Rate ? ReasonCode.NoMatchingSubscribers : ReasonCode.QuotaExceeded);
        }
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await clients[2].PublishAsync("t", "m", QualityOfService.AtLeastOnce));
        foreach (var client in clients) await client.DisconnectAsync();
        await Until.HoldsAsync(() => broker.Guards().Users.Count == 0);
    }

    [Fact]
    public async Task Who_is_held_back_can_be_taken_over_and_holds_up_no_stop()
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.HoldBack, messages: 1));
        var (fast, other) = (await broker.ConnectAsync("fast"), await broker.ConnectAsync("other"));
        foreach (var client in (TestClient[])[fast, other]) await FloodAsync(client, 1000, QualityOfService.AtMostOnce);
        await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 2);

        await broker.ConnectAsync("fast");

        await fast.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        await broker.StopAsync();
    }

    [Fact]
    public async Task Whom_the_broker_holds_back_is_not_silent()
    {
        await using var broker = await TestBroker.StartAsync(Limits(OverRatePolicy.HoldBack, messages: 1));
        var fast = await broker.ConnectAsync(new ConnectPacket { ClientId = "fast", CleanStart = true, KeepAlive = 2 });
        await FloodAsync(fast, 12, QualityOfService.AtLeastOnce);
        for (ushort i = 1; i <= 12; i++)
        {
            await fast.ExpectAsync(PacketType.PubAck, i, ReasonCode.NoMatchingSubscribers);
            if (i == 12) break;
            await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
            broker.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_rate_that_comes_holds_for_those_that_are_connected_and_one_that_goes_holds_nobody()
    {
        await using var broker = await TestBroker.StartAsync();
        var fast = await broker.ConnectAsync("fast");
        await FloodAsync(fast, 100, QualityOfService.AtMostOnce);
        await fast.ExpectNothingAsync();
        broker.Change(limits => limits with { Rates = new RateLimits { MaxClientMessagesInPerSecond = 1, RateBurstSeconds = 3 } });
        await FloodAsync(fast, 4, QualityOfService.AtLeastOnce);
        for (ushort i = 1; i <= 3; i++) await fast.ExpectAsync(PacketType.PubAck, i, ReasonCode.NoMatchingSubscribers);
        await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
        broker.Change(limits => limits with { Rates = new RateLimits() });
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await fast.ExpectAsync(PacketType.PubAck, 4, ReasonCode.NoMatchingSubscribers);
        await FloodAsync(fast, 100, QualityOfService.AtMostOnce);
        await fast.ExpectNothingAsync();
    }
}

using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class OfflineQueueTests
{
    [Theory]
    [InlineData(QueueFullPolicy.DropNewest, new[] { "0", "1", "2", "3" })]
    [InlineData(QueueFullPolicy.DropOldest, new[] { "6", "7", "8", "9" })]
    [InlineData(QueueFullPolicy.Disconnect, new[] { "0", "1", "2", "3" })]
    public async Task A_full_queue_keeps_what_its_policy_says(QueueFullPolicy policy, string[] kept)
    {
        await using var broker = await StartAsync(policy, 4);
        await LeaveSessionAsync(broker);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 10; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal(kept, await client.ReceiveTextsAsync(4));
        await client.ExpectNothingAsync();
        Assert.Equal((10, 4, 6), (broker.Metrics.Copies, broker.Metrics.Sent, broker.Metrics.Dropped(DropReason.QueueFull)));
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest, new[] { "0", "1", "2", "3" })]
    [InlineData(QueueFullPolicy.DropOldest, new[] { "96", "97", "98", "99" })]
    public async Task A_burst_is_treated_like_messages_one_by_one(QueueFullPolicy policy, string[] kept)
    {
        await using var broker = await StartAsync(policy, 4);
        await LeaveSessionAsync(broker);
        var publisher = await broker.ConnectAsync("p");
        var burst = Enumerable.Range(0, 100).SelectMany(i => Protocol.Codec.PacketEncoder.Encode(
            new PublishPacket { Topic = "t", Payload = System.Text.Encoding.UTF8.GetBytes($"{i}"), QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)(i + 1) }, ProtocolVersion.V50));
        await publisher.SendAsync(burst.ToArray());
        for (var i = 1; i <= 100; i++) await publisher.ExpectAsync(PacketType.PubAck, (ushort)i);

        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal(kept, await client.ReceiveTextsAsync(4));
        await client.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Bytes_count_too()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedBytes = 1000, WhenFull = QueueFullPolicy.DropNewest } });
        await LeaveSessionAsync(broker);
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("t", $"{i}{new string('x', 400)}", QualityOfService.AtLeastOnce);

        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal("01", string.Concat((await client.ReceiveTextsAsync(2)).Select(t => t[0])));
        await client.ExpectNothingAsync();
        Assert.Equal(3, broker.Metrics.Dropped(DropReason.QueueFull));
    }

    [Fact]
    public async Task A_single_message_larger_than_the_limit_is_kept_when_nothing_else_waits()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedBytes = 100 } });
        await LeaveSessionAsync(broker);
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", new string('x', 5000), QualityOfService.AtLeastOnce);

        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal(5000, (await client.ReceivePublishAsync()).Payload.Length);
    }

    [Fact]
    public async Task A_connected_client_whose_queue_is_full_is_disconnected_where_the_policy_says_so()
    {
        await using var broker = await StartAsync(QueueFullPolicy.Disconnect, 4);
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", SessionExpiryInterval = 1000, ReceiveMaximum = 1 });
        await client.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal("0", (await client.ReceiveAsync<PublishPacket>()).Text());
        await client.ExpectDisconnectAsync(ReasonCode.QuotaExceeded);

        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        Assert.Equal(["0", "1", "2", "3"], await client.ReceiveTextsAsync(4));
    }

    [Theory]
    [InlineData(QueueFullPolicy.DropNewest, new[] { "0", "1", "2", "3" })]
    [InlineData(QueueFullPolicy.DropOldest, new[] { "0", "7", "8", "9" })]
    public async Task What_is_in_flight_is_never_dropped(QueueFullPolicy policy, string[] kept)
    {
        await using var broker = await StartAsync(policy, 4);
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", SessionExpiryInterval = 1000, ReceiveMaximum = 1 });
        await client.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "0", QualityOfService.AtLeastOnce);
        var first = await client.ReceiveAsync<PublishPacket>();
        for (var i = 1; i < 10; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);

        await client.AcknowledgeAsync(PacketType.PubAck, first.PacketId);

        var rest = await client.ReceiveTextsAsync(3);
        Assert.Equal(kept, rest.Prepend(first.Text()));
        await client.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    private static Task<TestBroker> StartAsync(QueueFullPolicy policy, int messages) =>
        TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxQueuedMessages = messages, WhenFull = policy } });

    private static async Task LeaveSessionAsync(TestBroker broker)
    {
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
    }
}

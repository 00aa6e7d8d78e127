using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class MessageExpiryTests
{
    [Fact]
    public async Task The_interval_is_counted_down_by_the_time_the_message_waited()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await LeaveSessionAsync(broker);
        await publisher.PublishAtLeastOnceAsync(Message("m", 100));
        broker.Time.Advance(TimeSpan.FromSeconds(40));

        var client = await ReconnectAsync(broker);

        Assert.Equal(60u, (await client.ReceivePublishAsync()).MessageExpiryInterval);
    }

    [Fact]
    public async Task A_message_delivered_at_once_keeps_its_interval()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, publisher) = (await broker.ConnectAsync("s"), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        await publisher.PublishAtLeastOnceAsync(Message("m", 100));

        Assert.Equal(100u, (await subscriber.ReceivePublishAsync()).MessageExpiryInterval);
    }

    [Fact]
    public async Task A_message_that_expires_while_it_waits_for_its_session_is_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await LeaveSessionAsync(broker);
        await publisher.PublishAtLeastOnceAsync(Message("short", 10));
        await publisher.PublishAtLeastOnceAsync(Message("long", 100));
        await publisher.PublishAtLeastOnceAsync(Message("short too", 10));
        await publisher.PublishAtLeastOnceAsync(Message("for ever", null));
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        var client = await ReconnectAsync(broker);

        Assert.Equal(["long", "for ever"], await client.ReceiveTextsAsync(2));
        await client.ExpectNothingAsync();
        Assert.Equal(2, broker.Metrics.Dropped(DropReason.Expired));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_message_that_expires_while_the_window_is_full_is_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var expiry in (uint[])[0, 1000])
        {
            var dropped = broker.Metrics.Dropped(DropReason.Expired);
            var subscriber = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "s", CleanStart = true, SessionExpiryInterval = expiry, ReceiveMaximum = 1 });
            await subscriber.SubscribeAsync("t");
            var publisher = await broker.ConnectAsync("p");
            await publisher.PublishAtLeastOnceAsync(Message("first", null));
            await publisher.PublishAtLeastOnceAsync(Message("expires", 10));
            await publisher.PublishAtLeastOnceAsync(Message("lives", 20));
            var first = await subscriber.ReceiveAsync<PublishPacket>();
            broker.Time.Advance(TimeSpan.FromSeconds(15));
            await subscriber.AcknowledgeAsync(PacketType.PubAck, first.PacketId);

            var second = await subscriber.ReceivePublishAsync();

            Assert.Equal(("lives", 5u), (second.Text(), second.MessageExpiryInterval));
            Assert.Equal(dropped + 1, broker.Metrics.Dropped(DropReason.Expired));
            broker.AssertAccounts();
            await broker.LoseAsync(subscriber, "s");
        }
    }

    [Fact]
    public async Task A_message_in_flight_comes_again_even_when_it_has_expired_meanwhile()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await client.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAtLeastOnceAsync(Message("m", 10));
        var sent = await client.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(client, "c");
        broker.Time.Advance(TimeSpan.FromSeconds(20));

        client = await ReconnectAsync(broker);

        Assert.Equal((sent.PacketId, true), (await client.ReceivePublishAsync()) is { } again ? (again.PacketId, again.Duplicate) : default);
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_3_1_1_subscriber_is_spared_expired_messages_too()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", ProtocolVersion.V311, cleanStart: false);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAtLeastOnceAsync(Message("gone", 10));
        await publisher.PublishAtLeastOnceAsync(Message("there", 100));
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        client = await broker.ConnectAsync("c", ProtocolVersion.V311, cleanStart: false);

        Assert.Equal("there", (await client.ReceivePublishAsync()).Text());
    }

    private static async Task<TestClient> LeaveSessionAsync(TestBroker broker)
    {
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
        return await broker.ConnectAsync("p");
    }

    private static Task<TestClient> ReconnectAsync(TestBroker broker) => broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

    private static PublishPacket Message(string text, uint? expiry) =>
        new() { Topic = "t", Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, PacketId = 1, MessageExpiryInterval = expiry };
}

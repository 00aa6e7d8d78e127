using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Publishing;

public sealed class V5ExpiryTests
{
    private static async Task PublishAsync(TestClient publisher, uint? expiry, string text, bool retain = false)
    {
        await publisher.SendAsync(new PublishPacket
        {
            Topic = "a",
            QoS = QualityOfService.AtLeastOnce,
            PacketId = publisher.NextPacketId(),
            MessageExpiryInterval = expiry,
            Retain = retain,
            Payload = System.Text.Encoding.UTF8.GetBytes(text),
        });
        await publisher.ReceiveAsync<AcknowledgementPacket>();
    }

    private static async Task<TestClient> AbsentAsync(TestBroker broker)
    {
        var subscriber = await broker.ConnectAsync("subscriber", sessionExpiry: 3600);
        await subscriber.SubscribeAsync("a");
        await broker.LoseAsync(subscriber, "subscriber");
        return await broker.ConnectAsync("publisher");
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-5")]
    [Normative("5.0", "MQTT-3.3.2-6")]
    public async Task A_waiting_message_loses_its_time_and_then_itself()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await AbsentAsync(broker);
        await PublishAsync(publisher, 10, "gone");
        await PublishAsync(publisher, 100, "left");
        await PublishAsync(publisher, null, "for ever");

        broker.Time.Advance(TimeSpan.FromSeconds(30));

        var subscriber = await broker.ConnectAsync("subscriber", cleanStart: false, sessionExpiry: 3600);
        var left = await subscriber.ReceivePublishAsync();
        Assert.Equal(("left", 70u), (left.Text(), left.MessageExpiryInterval));
        var forever = await subscriber.ReceivePublishAsync();
        Assert.Equal(("for ever", null), (forever.Text(), forever.MessageExpiryInterval));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-6")]
    public async Task A_message_that_does_not_wait_keeps_its_time()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("a", QualityOfService.AtMostOnce);
        await client.SendAsync(new PublishPacket { Topic = "a", MessageExpiryInterval = 100 });

        Assert.Equal(100u, (await client.ReceivePublishAsync()).MessageExpiryInterval);
    }

    [Theory]
    [InlineData(30, 70u)]
    [InlineData(100, null)]
    [Normative("5.0", "MQTT-3.3.2-5")]
    [Normative("5.0", "MQTT-3.3.2-6")]
    public async Task A_retained_message_loses_its_time_and_then_itself(int seconds, uint? left)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        await PublishAsync(publisher, 100, "retained", retain: true);

        broker.Time.Advance(TimeSpan.FromSeconds(seconds));

        var subscriber = await broker.ConnectAsync("subscriber");
        await subscriber.SubscribeAsync("a");
        if (left is null) await PublishAsync(publisher, null, "live");
        var received = await subscriber.ReceivePublishAsync();
        Assert.Equal((left is null ? "live" : "retained", left), (received.Text(), received.MessageExpiryInterval));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-5")]
    public async Task A_message_expires_while_the_clients_window_is_full()
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync(new ConnectPacket { ClientId = "subscriber", CleanStart = true, ReceiveMaximum = 1 });
        await subscriber.SubscribeAsync("a");
        var publisher = await broker.ConnectAsync("publisher");
        await PublishAsync(publisher, 10, "sent");
        await PublishAsync(publisher, 10, "gone");
        await PublishAsync(publisher, 60, "left");
        var sent = await subscriber.ReceiveAsync<PublishPacket>();

        broker.Time.Advance(TimeSpan.FromSeconds(20));
        await subscriber.AcknowledgeAsync(PacketType.PubAck, sent.PacketId);

        var left = await subscriber.ReceivePublishAsync();
        Assert.Equal(("left", 40u), (left.Text(), left.MessageExpiryInterval));
    }
}

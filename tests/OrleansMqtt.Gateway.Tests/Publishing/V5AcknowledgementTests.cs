using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Publishing;

public sealed class V5AcknowledgementTests
{
    private static PublishPacket Message(ushort packetId, QualityOfService qos, string text = "x", bool duplicate = false, string topic = "a", uint? expiry = null) => new()
    {
        Topic = topic,
        Payload = System.Text.Encoding.UTF8.GetBytes(text),
        QoS = qos,
        PacketId = packetId,
        Duplicate = duplicate,
        MessageExpiryInterval = expiry,
    };

    private static async Task<(TestClient Publisher, TestClient Subscriber)> StartAsync(TestBroker broker, uint? sessionExpiry = null)
    {
        var subscriber = await broker.ConnectAsync("subscriber");
        await subscriber.SubscribeAsync("a");
        return (await broker.ConnectAsync("publisher", sessionExpiry: sessionExpiry), subscriber);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-1")]
    [Normative("5.0", "MQTT-2.2.1-5")]
    [Normative("5.0", "MQTT-4.3.2-4")]
    [Normative("5.0", "MQTT-4.3.3-8")]
    [Normative("5.0", "MQTT-4.3.3-11")]
    public async Task Each_quality_of_service_has_its_answers_under_the_publishers_identifier()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, _) = await StartAsync(broker);

        await publisher.SendAsync(Message(0, QualityOfService.AtMostOnce));
        await publisher.ExpectNothingAsync();
        await publisher.SendAsync(Message(0x1234, QualityOfService.AtLeastOnce));
        await publisher.ExpectAsync(PacketType.PubAck, 0x1234);
        await publisher.SendAsync(Message(0xFFFF, QualityOfService.ExactlyOnce));
        await publisher.ExpectAsync(PacketType.PubRec, 0xFFFF);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 0xFFFF);
        await publisher.ExpectAsync(PacketType.PubComp, 0xFFFF);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 77);
        await publisher.ExpectAsync(PacketType.PubComp, 77, ReasonCode.PacketIdentifierNotFound);
        await publisher.SendAsync(Message(5, QualityOfService.AtLeastOnce, topic: "nobody"));
        await publisher.ExpectAsync(PacketType.PubAck, 5, ReasonCode.NoMatchingSubscribers);
    }

    [Fact]
    [Normative("5.0", "MQTT-2.2.1-5")]
    [Normative("5.0", "MQTT-4.3.3-4")]
    public async Task The_release_of_a_message_carries_the_messages_identifier()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker);
        await publisher.PublishAsync("a", "x", QualityOfService.ExactlyOnce);
        var received = await subscriber.ReceiveAsync<PublishPacket>();

        await subscriber.AcknowledgeAsync(PacketType.PubRec, received.PacketId, ReasonCode.NoMatchingSubscribers);

        await subscriber.ExpectAsync(PacketType.PubRel, received.PacketId);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, PacketType.PubAck)]
    [InlineData(QualityOfService.ExactlyOnce, PacketType.PubRec)]
    [Normative("5.0", "MQTT-4.6.0-2")]
    [Normative("5.0", "MQTT-4.6.0-3")]
    public async Task Messages_are_acknowledged_in_the_order_in_which_they_came(QualityOfService qos, PacketType answer)
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, _) = await StartAsync(broker);
        // One of a persistent subscriber takes longer than one that nobody wants.
        var persistent = await broker.ConnectAsync("persistent", sessionExpiry: 60);
        await persistent.SubscribeAsync("a");

        await publisher.SendAsync(Enumerable.Range(1, 100).SelectMany(i =>
            PacketEncoder.Encode(Message((ushort)i, qos, topic: i % 2 == 0 ? "nobody" : "a"), ProtocolVersion.V50)).ToArray());

        for (var i = 1; i <= 100; i++)
        {
            var packet = await publisher.ReceiveAsync<AcknowledgementPacket>();
            Assert.Equal((answer, i), (packet.Type, packet.PacketId));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-4.6.0-4")]
    public async Task Releases_are_sent_in_the_order_of_the_receipts()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker);
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("a", "x", QualityOfService.ExactlyOnce);
        var ids = new List<ushort>();
        for (var i = 0; i < 3; i++) ids.Add((await subscriber.ReceiveAsync<PublishPacket>()).PacketId);
        ushort[] order = [ids[1], ids[0], ids[2]];

        await subscriber.SendAsync(order.SelectMany(id => PacketEncoder.Encode(new AcknowledgementPacket(PacketType.PubRec) { PacketId = id }, ProtocolVersion.V50)).ToArray());

        foreach (var id in order) await subscriber.ExpectAsync(PacketType.PubRel, id);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.3.2-5")]
    [Normative("5.0", "MQTT-3.3.1-3")]
    public async Task An_acknowledged_identifier_brings_a_new_message_whatever_its_dup_flag_says()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker);

        await publisher.SendAsync(Message(5, QualityOfService.AtLeastOnce, "1"));
        await publisher.ExpectAsync(PacketType.PubAck, 5);
        await publisher.SendAsync(Message(5, QualityOfService.AtLeastOnce, "2", duplicate: true));
        await publisher.ExpectAsync(PacketType.PubAck, 5);

        foreach (var text in (string[])["1", "2"])
        {
            var received = await subscriber.ReceivePublishAsync();
            Assert.Equal((text, false), (received.Text(), received.Duplicate));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-4.3.3-10")]
    [Normative("5.0", "MQTT-4.3.3-12")]
    public async Task A_message_repeated_before_its_release_is_delivered_once_and_its_identifier_is_new_after(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker, sessionExpiry);
        await subscriber.SubscribeAsync("a", QualityOfService.AtLeastOnce);
        for (var time = 0; time < 3; time++)
        {
            await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, "1", duplicate: time > 0));
            await publisher.ExpectAsync(PacketType.PubRec, 5);
        }
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAsync(PacketType.PubComp, 5);

        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, "2"));
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAsync(PacketType.PubComp, 5);

        Assert.Equal(["1", "2"], await subscriber.ReceiveTextsAsync(2));
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-4.3.3-10")]
    public async Task A_message_repeated_on_the_next_connection_is_delivered_once()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker, sessionExpiry: 60);
        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce));
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        await broker.LoseAsync(publisher, "publisher");

        publisher = await broker.ConnectAsync("publisher", cleanStart: false, sessionExpiry: 60);
        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, duplicate: true));
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAsync(PacketType.PubComp, 5);

        Assert.Equal("x", await subscriber.ReceiveTextAsync());
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-4.3.3-9")]
    public async Task The_identifier_of_a_refused_message_brings_a_new_message(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, subscriber) = await StartAsync(broker, sessionExpiry);

        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, topic: "$SYS/mine"));
        await publisher.ExpectAsync(PacketType.PubRec, 5, ReasonCode.NotAuthorized);
        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, "allowed", duplicate: true));
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAsync(PacketType.PubComp, 5);

        Assert.Equal("allowed", await subscriber.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-4.3.3-13")]
    public async Task The_exchange_goes_on_for_a_message_that_has_expired(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, _) = await StartAsync(broker, sessionExpiry);
        await publisher.SendAsync(Message(5, QualityOfService.ExactlyOnce, expiry: 1));
        await publisher.ExpectAsync(PacketType.PubRec, 5);

        broker.Time.Advance(TimeSpan.FromSeconds(5));
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);

        await publisher.ExpectAsync(PacketType.PubComp, 5);
    }
}

using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Publishing;

public sealed class V5ForwardingTests
{
    // Whatever a publisher may say of a message; odd values where the specification allows them.
    private static readonly PublishPacket Full = new()
    {
        Topic = "a/b",
        Payload = "payload"u8.ToArray(),
        QoS = QualityOfService.AtLeastOnce,
        PacketId = 1000,
        Retain = true,
        PayloadFormatIndicator = true,
        ResponseTopic = "answer/\u00C5",
        CorrelationData = new byte[] { 0, 255, 0 },
        ContentType = "text/\uFEFFplain",
        UserProperties = [new("a", "1"), new("", ""), new("b", "2"), new("a", "3")],
    };

    [Theory]
    [InlineData("live", "a/+")]
    [InlineData("retained", "a/+")]
    [InlineData("queued", "a/#")]
    [InlineData("shared", "$share/group/a/+")]
    [Normative("5.0", "MQTT-3.3.2-4")]
    [Normative("5.0", "MQTT-3.3.2-15")]
    [Normative("5.0", "MQTT-3.3.2-16")]
    [Normative("5.0", "MQTT-3.3.2-17")]
    [Normative("5.0", "MQTT-3.3.2-18")]
    [Normative("5.0", "MQTT-3.3.2-20")]
    [Normative("5.0", "MQTT-3.3.2-3")]
    public async Task A_message_arrives_with_everything_its_publisher_said_of_it(string way, string filter)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var subscriber = await broker.ConnectAsync("subscriber", sessionExpiry: 60);
        if (way != "retained") await subscriber.SubscribeAsync(filter);
        if (way == "queued") await broker.LoseAsync(subscriber, "subscriber");
        await publisher.SendAsync(Full);
        await publisher.ReceiveAsync<AcknowledgementPacket>();
        if (way == "retained") await subscriber.SubscribeAsync(filter);
        if (way == "queued") subscriber = await broker.ConnectAsync("subscriber", cleanStart: false, sessionExpiry: 60);

        var received = await subscriber.ReceivePublishAsync();

        Assert.Equal(Full.Topic, received.Topic);
        Assert.Equal(Full.Payload.ToArray(), received.Payload.ToArray());
        Assert.Equal(Full.PayloadFormatIndicator, received.PayloadFormatIndicator);
        Assert.Equal(Full.ResponseTopic, received.ResponseTopic);
        Assert.Equal(Full.CorrelationData!.Value.ToArray(), received.CorrelationData!.Value.ToArray());
        Assert.Equal(Full.ContentType, received.ContentType);
        Assert.Equal(Full.UserProperties, received.UserProperties);
        Assert.Null(received.MessageExpiryInterval);
        Assert.Empty(received.SubscriptionIdentifiers);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.2-4")]
    [Normative("5.0", "MQTT-2.2.2-1")]
    public async Task A_message_without_properties_arrives_without_any()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SubscribeAsync("a");

        await client.PublishAsync("a", "x");

        Assert.Null((await client.ReceivePublishAsync()).PayloadFormatIndicator);
        Assert.Equal([0x30, 5, 0, 1, (byte)'a', 0, (byte)'x'], client.LastBytes.ToArray());
    }

    [Theory]
    [InlineData("live")]
    [InlineData("retained")]
    [InlineData("queued")]
    [Normative("5.0", "MQTT-3.8.4-8")]
    [Normative("5.0", "MQTT-4.3.1-1")]
    [Normative("5.0", "MQTT-4.3.2-2")]
    [Normative("5.0", "MQTT-4.3.3-2")]
    public async Task A_message_arrives_at_the_lower_of_its_own_and_the_granted_quality_of_service(string way)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        for (var granted = QualityOfService.AtMostOnce; granted <= QualityOfService.ExactlyOnce; granted++)
            for (var published = QualityOfService.AtMostOnce; published <= QualityOfService.ExactlyOnce; published++)
            {
                var expected = granted < published ? granted : published;
                var topic = $"{way}/{granted}/{published}";
                // A session need not keep QoS 0 messages.
                if (way == "queued" && expected == QualityOfService.AtMostOnce) continue;
                var subscriber = await broker.ConnectAsync(topic, sessionExpiry: 60);
                if (way != "retained") await subscriber.SubscribeAsync(topic, granted);
                if (way == "queued") await broker.LoseAsync(subscriber, topic);
                await publisher.PublishAsync(topic, "x", published, retain: way == "retained");
                // A QoS 0 message has no answer; a SUBSCRIBE behind it in the publisher's own order comes after its storing.
                if (way == "retained") await publisher.SubscribeAsync($"barrier/{topic}");
                if (way == "retained") await subscriber.SubscribeAsync(topic, granted);
                if (way == "queued") subscriber = await broker.ConnectAsync(topic, cleanStart: false, sessionExpiry: 60);

                var received = await subscriber.ReceivePublishAsync();
                Assert.Equal((topic, expected, false), (received.Topic, received.QoS, received.Duplicate));
            }
    }

    [Fact]
    [Normative("5.0", "MQTT-4.5.0-1")]
    public async Task A_message_reaches_connected_and_absent_and_grouped_subscribers()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var connected = await broker.ConnectAsync("connected");
        var grouped = await broker.ConnectAsync("grouped");
        var absent = await broker.ConnectAsync("absent", sessionExpiry: 60);
        await connected.SubscribeAsync("a/#");
        await grouped.SubscribeAsync("$share/group/a/+");
        await absent.SubscribeAsync("+/b");
        await broker.LoseAsync(absent, "absent");

        await publisher.PublishAsync("a/b", "x", QualityOfService.ExactlyOnce);

        absent = await broker.ConnectAsync("absent", cleanStart: false, sessionExpiry: 60);
        foreach (var client in (TestClient[])[connected, grouped, absent])
            Assert.Equal("x", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, null)]
    [InlineData(QualityOfService.ExactlyOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, 60u)]
    [InlineData(QualityOfService.ExactlyOnce, 60u)]
    [Normative("5.0", "MQTT-4.6.0-5")]
    [Normative("5.0", "MQTT-4.6.0-6")]
    public async Task Messages_of_a_publisher_arrive_in_order_also_through_a_small_window(QualityOfService qos, uint? sessionExpiry)
    {
        const int Count = 500;
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync(new ConnectPacket { ClientId = "subscriber", CleanStart = true, ReceiveMaximum = 3, SessionExpiryInterval = sessionExpiry });
        await subscriber.SubscribeAsync("a");
        var publisher = await broker.ConnectAsync("publisher");

        var publishing = PublishAllAsync(publisher, Count, qos);

        for (var i = 0; i < Count; i++) Assert.Equal($"{i}", await ReceiveInWindowAsync(subscriber));
        await publishing;
    }

    private static async Task PublishAllAsync(TestClient publisher, int count, QualityOfService qos)
    {
        for (var i = 0; i < count; i++) await publisher.PublishAsync("a", $"{i}", qos);
    }

    // Acknowledges to the end, whatever other messages come between PUBREC and PUBREL.
    private static async Task<string> ReceiveInWindowAsync(TestClient subscriber)
    {
        while (true)
        {
            var packet = await subscriber.ReceiveAsync();
            if (packet is AcknowledgementPacket release)
            {
                await subscriber.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                continue;
            }
            var publish = Assert.IsType<PublishPacket>(packet);
            if (publish.QoS != QualityOfService.AtMostOnce)
                await subscriber.AcknowledgeAsync(publish.QoS == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, publish.PacketId);
            return publish.Text();
        }
    }
}

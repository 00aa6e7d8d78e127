using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Retained;

public sealed class V5RetainedTests
{
    private static Subscription To(string filter, RetainHandling handling = RetainHandling.SendAtSubscribe, bool asPublished = false, QualityOfService qos = QualityOfService.ExactlyOnce) =>
        new() { Filter = filter, MaximumQoS = qos, RetainHandling = handling, RetainAsPublished = asPublished };

    private static Task<ReasonCode> RetainAsync(TestClient publisher, string text, string topic = "a") => publisher.PublishAsync(topic, text, QualityOfService.AtLeastOnce, retain: true);

    // Retained messages are sent in the order of the filters of a SUBSCRIBE: the marker comes after what there is.
    private static async Task ExpectNoneAsync(TestBroker broker, TestClient publisher)
    {
        await RetainAsync(publisher, "marker", "marker");
        var late = await broker.ConnectAsync("late");
        await late.SubscribeAsync(To("a"), To("marker"));
        Assert.Equal("marker", await late.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-5")]
    public async Task A_retained_message_takes_the_place_of_the_one_before()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v1");
        await client.SendAsync(new PublishPacket { Topic = "a", Payload = "v2"u8.ToArray(), QoS = QualityOfService.ExactlyOnce, Retain = true, PacketId = 9, ContentType = "text" });
        await client.ExpectAsync(PacketType.PubRec, 9, ReasonCode.NoMatchingSubscribers);

        await client.SubscribeAsync(To("a", qos: QualityOfService.AtLeastOnce));

        var retained = await client.ReceivePublishAsync();
        Assert.Equal(("v2", true, QualityOfService.AtLeastOnce, "text"), (retained.Text(), retained.Retain, retained.QoS, retained.ContentType));
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-6")]
    public async Task An_empty_retained_message_is_delivered_and_removes_the_one_before()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v");
        var subscriber = await broker.ConnectAsync("subscriber");
        await subscriber.SubscribeAsync(To("a", RetainHandling.DoNotSend));

        await RetainAsync(client, "");

        Assert.Equal("", await subscriber.ReceiveTextAsync());
        await ExpectNoneAsync(broker, client);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-7")]
    public async Task An_empty_message_is_not_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SendAsync(new PublishPacket { Topic = "a", QoS = QualityOfService.AtLeastOnce, Retain = true, PacketId = 9, ContentType = "text" });
        await client.ReceiveAsync<AcknowledgementPacket>();

        await ExpectNoneAsync(broker, client);
    }

    [Theory]
    [InlineData("w")]
    [InlineData("")]
    [Normative("5.0", "MQTT-3.3.1-8")]
    public async Task A_message_that_is_not_to_be_retained_changes_nothing(string text)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v");

        await client.PublishAsync("a", text, QualityOfService.AtLeastOnce);

        await client.SubscribeAsync(To("a"));
        Assert.Equal("v", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-9")]
    [Normative("5.0", "MQTT-3.8.4-4")]
    public async Task Retain_handling_0_sends_at_every_subscribe()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v");
        for (var time = 0; time < 3; time++)
        {
            await client.SubscribeAsync(To("a"));
            var retained = await client.ReceivePublishAsync();
            Assert.Equal(("v", true), (retained.Text(), retained.Retain));
        }
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-9")]
    public async Task A_live_message_that_is_not_retained_does_not_take_the_retained_ones_place()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v");

        await client.SendAsync((byte[])[
            .. Protocol.Codec.PacketEncoder.Encode(new SubscribePacket { PacketId = 50, Subscriptions = [To("a")] }, ProtocolVersion.V50),
            .. Protocol.Codec.PacketEncoder.Encode(new PublishPacket { Topic = "a", Payload = "live"u8.ToArray() }, ProtocolVersion.V50)]);

        await client.ReceiveAsync<SubAckPacket>();
        var texts = new[] { await client.ReceiveTextAsync(), await client.ReceiveTextAsync() };
        Assert.Equal(["live", "v"], texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-10")]
    public async Task Retain_handling_1_sends_at_the_first_subscribe_only()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        await RetainAsync(publisher, "v");
        await RetainAsync(publisher, "marker", "marker");
        var client = await broker.ConnectAsync("client", sessionExpiry: 60);
        await client.SubscribeAsync(To("a", RetainHandling.SendIfNewSubscription));
        Assert.Equal("v", await client.ReceiveTextAsync());

        // The marker is read after what the same SUBSCRIBE asks for before it.
        await client.SubscribeAsync(To("a", RetainHandling.SendIfNewSubscription, qos: QualityOfService.AtLeastOnce), To("marker"));
        Assert.Equal("marker", await client.ReceiveTextAsync());
        await broker.LoseAsync(client, "client");
        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        await client.SubscribeAsync(To("a", RetainHandling.SendIfNewSubscription), To("marker"));
        Assert.Equal("marker", await client.ReceiveTextAsync());

        await client.SendAsync(new UnsubscribePacket { PacketId = 900, Filters = ["a"] });
        await client.ReceiveAsync<UnsubAckPacket>();
        await client.SubscribeAsync(To("a", RetainHandling.SendIfNewSubscription));
        Assert.Equal("v", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.1-11")]
    public async Task Retain_handling_2_sends_none()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await RetainAsync(client, "v");
        await RetainAsync(client, "marker", "marker");

        await client.SubscribeAsync(To("a", RetainHandling.DoNotSend), To("marker"));

        Assert.Equal("marker", await client.ReceiveTextAsync());
        await client.PublishAsync("a", "live");
        Assert.Equal("live", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [Normative("5.0", "MQTT-3.3.1-12")]
    [Normative("5.0", "MQTT-3.3.1-13")]
    public async Task Retain_as_published_decides_the_flag_of_live_messages(bool asPublished, bool published, bool expected)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        foreach (var expiry in (uint?[])[null, 60])
        {
            var client = await broker.ConnectAsync($"client {expiry}", sessionExpiry: expiry);
            foreach (var filter in (string[])["a/+", "$share/group/b/+"]) await client.SubscribeAsync(To(filter, RetainHandling.DoNotSend, asPublished));
            foreach (var topic in (string[])["a/x", "b/x"])
            {
                await publisher.PublishAsync(topic, "x", QualityOfService.AtLeastOnce, retain: published);
                Assert.Equal(expected, (await client.ReceivePublishAsync()).Retain);
            }
            await client.DisconnectAsync();
        }
    }
}

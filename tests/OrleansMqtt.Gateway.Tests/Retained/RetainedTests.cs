using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Retained;

public sealed class RetainedTests
{
    [Theory]
    [InlineData(RetainHandling.SendAtSubscribe, true, true)]
    [InlineData(RetainHandling.SendIfNewSubscription, true, false)]
    [InlineData(RetainHandling.DoNotSend, false, false)]
    public async Task Retain_handling_says_whether_a_subscription_gets_them(RetainHandling handling, bool first, bool second)
    {
        await using var broker = await TestBroker.StartAsync();
        await RetainAsync(broker, "t", "m");
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        var subscription = new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce, RetainHandling = handling };
        foreach (var expected in (bool[])[first, second])
        {
            await client.SubscribeAsync(subscription);
            if (expected) Assert.Equal(("m", true), (await client.ReceivePublishAsync()) is var p ? (p.Text(), p.Retain) : default);
            else await AssertNoneAsync(client);
        }
        await broker.LoseAsync(client, "c");
        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        // The subscription of the resumed session is not new.
        await client.SubscribeAsync(subscription);
        if (second) Assert.Equal("m", (await client.ReceivePublishAsync()).Text());
        else await AssertNoneAsync(client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_live_message_has_RETAIN_only_where_retain_as_published_says_so(bool asPublished)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce, RetainAsPublished = asPublished });
        var publisher = await broker.ConnectAsync("p");
        foreach (var retain in (bool[])[true, false])
        {
            await publisher.PublishAsync("t", "m", QualityOfService.AtLeastOnce, retain);

            Assert.Equal(asPublished && retain, (await client.ReceivePublishAsync()).Retain);
        }
    }

    [Fact]
    public async Task An_empty_payload_deletes_and_is_itself_delivered_and_not_retained()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = (await broker.ConnectAsync("c"), await broker.ConnectAsync("p"));
        await client.SubscribeAsync("t");
        await publisher.PublishAsync("t", "m", QualityOfService.AtLeastOnce, retain: true);
        Assert.Equal(1, broker.Metrics.Retained);
        await publisher.PublishAsync("t", "", QualityOfService.AtLeastOnce, retain: true);

        Assert.Equal(["m", ""], await client.ReceiveTextsAsync(2));
        Assert.Equal(0, broker.Metrics.Retained);
        var late = await broker.ConnectAsync("late");
        await late.SubscribeAsync("t");
        await AssertNoneAsync(late);
    }

    [Fact]
    public async Task A_retained_message_replaces_the_one_before_and_one_that_is_not_retained_leaves_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await RetainAsync(broker, "t", "first");
        await RetainAsync(broker, "t", "second", QualityOfService.ExactlyOnce);
        await (await broker.ConnectAsync("q")).PublishAsync("t", "passing", QualityOfService.AtLeastOnce);
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("t", QualityOfService.AtLeastOnce);

        var received = await client.ReceivePublishAsync();

        Assert.Equal(("second", true, QualityOfService.AtLeastOnce), (received.Text(), received.Retain, received.QoS));
        await AssertNoneAsync(client);
    }

    [Theory]
    [InlineData(9, 11u)]
    [InlineData(19, 1u)]
    [InlineData(20, null)]
    public async Task A_retained_message_expires(int after, uint? remaining)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAtLeastOnceAsync(new PublishPacket { Topic = "t", Payload = new byte[1], QoS = QualityOfService.AtLeastOnce, PacketId = 1, Retain = true, MessageExpiryInterval = 20 });
        broker.Time.Advance(TimeSpan.FromSeconds(after));
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync("#");

        if (remaining is null) await AssertNoneAsync(client);
        else Assert.Equal(remaining, (await client.ReceivePublishAsync()).MessageExpiryInterval);
        Assert.Equal(remaining is null ? 0 : 1, broker.Metrics.Retained);
    }

    [Fact]
    public async Task A_retained_message_keeps_all_its_properties()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAtLeastOnceAsync(new PublishPacket
        {
            Topic = "t", Payload = "m"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = 1, Retain = true, ContentType = "text", ResponseTopic = "r",
            CorrelationData = "c"u8.ToArray(), PayloadFormatIndicator = true, UserProperties = [new("b", "1"), new("a", "2")],
        });
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(5, new Subscription { Filter = "+" });

        var received = await client.ReceivePublishAsync();

        Assert.Equal(("text", "r", "c", true), (received.ContentType, received.ResponseTopic, Encoding.UTF8.GetString(received.CorrelationData!.Value.Span), received.PayloadFormatIndicator));
        Assert.Equal([new("b", "1"), new("a", "2")], received.UserProperties);
        Assert.Equal([5u], received.SubscriptionIdentifiers);
    }

    [Fact]
    public async Task A_filter_gets_the_retained_messages_it_matches_and_no_others()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var topic in (string[])["a", "a/b", "a/b/c", "b", "/a", "a/", "$x/a"]) await RetainAsync(broker, topic, topic);
        var expectations = new Dictionary<string, string[]>
        {
            ["a"] = ["a"], ["a/#"] = ["a", "a/", "a/b", "a/b/c"], ["+"] = ["a", "b"], ["+/+"] = ["/a", "a/", "a/b"], ["#"] = ["/a", "a", "a/", "a/b", "a/b/c", "b"], ["$x/#"] = ["$x/a"], ["a/+/c"] = ["a/b/c"], ["none"] = [],
        };
        foreach (var (filter, topics) in expectations)
        {
            var client = await broker.ConnectAsync("c " + filter);
            await client.SubscribeAsync(filter);
            Assert.Equal(topics, (await client.ReceiveTextsAsync(topics.Length)).Order(StringComparer.Ordinal));
            await AssertNoneAsync(client);
        }
    }

    [Fact]
    public async Task Overlapping_filters_of_one_SUBSCRIBE_each_bring_their_retained_messages()
    {
        await using var broker = await TestBroker.StartAsync();
        await RetainAsync(broker, "t", "m");
        var client = await broker.ConnectAsync("c");
        await client.SubscribeAsync(new Subscription { Filter = "t" }, new Subscription { Filter = "+" });

        Assert.Equal(["m", "m"], await client.ReceiveTextsAsync(2));
        await AssertNoneAsync(client);
    }

    // The feed of retained messages runs beside other traffic; that of a later subscription comes behind it.
    internal static async Task AssertNoneAsync(TestClient client)
    {
        await client.PublishAsync("$barrier/retained", "barrier", QualityOfService.AtLeastOnce, retain: true);
        await client.SendAsync(new SubscribePacket { PacketId = client.NextPacketId(), Subscriptions = [new Subscription { Filter = "$barrier/retained" }] });
        await client.ReceiveAsync<SubAckPacket>();
        Assert.Equal("barrier", (await client.ReceiveAsync<PublishPacket>()).Text());
        await client.UnsubscribeAsync("$barrier/retained");
        await client.PublishAsync("$barrier/retained", "", QualityOfService.AtLeastOnce, retain: true);
    }

    private static async Task RetainAsync(TestBroker broker, string topic, string text, QualityOfService qos = QualityOfService.AtLeastOnce)
    {
        var publisher = await broker.ConnectAsync("retaining " + topic);
        Assert.True(await publisher.PublishAsync(topic, text, qos, retain: true) < ReasonCode.UnspecifiedError);
        await publisher.DisconnectAsync();
    }
}

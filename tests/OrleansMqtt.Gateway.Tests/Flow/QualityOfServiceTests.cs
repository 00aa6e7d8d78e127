using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class QualityOfServiceTests
{
    public static TheoryData<QualityOfService, QualityOfService> Pairs
    {
        get
        {
            var pairs = new TheoryData<QualityOfService, QualityOfService>();
            foreach (var published in Enum.GetValues<QualityOfService>())
                foreach (var subscribed in Enum.GetValues<QualityOfService>()) pairs.Add(published, subscribed);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_message_is_delivered_at_the_lower_of_the_two(QualityOfService published, QualityOfService subscribed)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        foreach (var expiry in (uint[])[0, 1000])
        {
            var subscriber = await broker.ConnectAsync("s", cleanStart: true, sessionExpiry: expiry);
            Assert.Equal([(ReasonCode)subscribed], await subscriber.SubscribeAsync("t", subscribed));
            await publisher.PublishAsync("t", "m", published);

            Assert.Equal((QualityOfService)Math.Min((int)published, (int)subscribed), (await subscriber.ReceivePublishAsync()).QoS);
            await subscriber.ExpectNothingAsync();
            await broker.LeaveAsync(subscriber, "s");
        }
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1000u, false)]
    [InlineData(0u, true)]
    [InlineData(1000u, true)]
    public async Task Overlapping_subscriptions_bring_one_copy_at_the_highest_QoS_with_all_identifiers(uint sessionExpiry, bool noIdentifiers)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: sessionExpiry);
        var filters = new Dictionary<string, QualityOfService> { ["a/b"] = 0, ["a/+"] = QualityOfService.ExactlyOnce, ["a/#"] = QualityOfService.AtLeastOnce, ["#"] = 0, ["+/c"] = QualityOfService.ExactlyOnce };
        uint identifier = 268_435_455;
        foreach (var (filter, qos) in filters)
        {
            if (noIdentifiers) await subscriber.SubscribeAsync(filter, qos);
            else await subscriber.SubscribeAsync(identifier--, new Subscription { Filter = filter, MaximumQoS = qos });
        }
        var publisher = await broker.ConnectAsync("p");
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            await publisher.PublishAsync("a/b", "m", qos);

            var received = await subscriber.ReceivePublishAsync();
            Assert.Equal(qos, received.QoS);
            Assert.Equal(noIdentifiers ? [] : [268_435_452u, 268_435_453u, 268_435_454u, 268_435_455u], received.SubscriptionIdentifiers.Order());
            await subscriber.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task Wildcards_do_not_match_topics_that_begin_with_a_dollar()
    {
        await using var broker = await TestBroker.StartAsync();
        var (wild, exact) = (await broker.ConnectAsync("wild"), await broker.ConnectAsync("exact"));
        await wild.SubscribeAsync(new Subscription { Filter = "#" }, new Subscription { Filter = "+/x" });
        await exact.SubscribeAsync(new Subscription { Filter = "$mine/x" }, new Subscription { Filter = "$mine/#" });
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("$mine/x", "m", QualityOfService.AtLeastOnce);

        Assert.Equal("m", (await exact.ReceivePublishAsync()).Text());
        await exact.ExpectNothingAsync();
        await wild.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_repeated_subscription_replaces_the_one_before()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var expiry in (uint[])[0, 1000])
        {
            var subscriber = await broker.ConnectAsync("s", cleanStart: true, sessionExpiry: expiry);
            await subscriber.SubscribeAsync(1, new Subscription { Filter = "t", MaximumQoS = QualityOfService.ExactlyOnce });
            await subscriber.SubscribeAsync(2, new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce });
            await (await broker.ConnectAsync("p")).PublishAsync("t", "m", QualityOfService.ExactlyOnce);

            var received = await subscriber.ReceivePublishAsync();

            Assert.Equal(QualityOfService.AtLeastOnce, received.QoS);
            Assert.Equal([2u], received.SubscriptionIdentifiers);
            await subscriber.ExpectNothingAsync();
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1000u)]
    public async Task No_local_keeps_a_clients_own_messages_from_it(uint sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, other) = (await broker.ConnectAsync("c", sessionExpiry: sessionExpiry), await broker.ConnectAsync("o"));
        await client.SubscribeAsync(1, new Subscription { Filter = "t/#", MaximumQoS = QualityOfService.ExactlyOnce, NoLocal = true });
        foreach (var qos in Enum.GetValues<QualityOfService>())
        {
            Assert.Equal(ReasonCode.Success, await other.PublishAsync("t/1", "theirs", qos));
            Assert.Equal("theirs", (await client.ReceivePublishAsync()).Text());
            await client.PublishAsync("t/1", "own", qos);
            await client.ExpectNothingAsync();
        }
        // Another subscription without No Local brings it, with its own identifier alone.
        await client.SubscribeAsync(2, new Subscription { Filter = "t/1" });
        await client.SendAsync(new PublishPacket { Topic = "t/1", Payload = "own"u8.ToArray(), QoS = QualityOfService.AtMostOnce });
        Assert.Equal([2u], (await client.ReceivePublishAsync()).SubscriptionIdentifiers);
    }

    [Fact]
    public async Task Nobody_subscribed_is_said_so_and_only_then()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        foreach (var qos in (QualityOfService[])[QualityOfService.AtLeastOnce, QualityOfService.ExactlyOnce])
        {
            Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "m", qos));
            Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "m", qos, retain: true));
        }
        Assert.Equal(4, broker.Metrics.Unmatched);
        await (await broker.ConnectAsync("s")).SubscribeAsync("t", QualityOfService.AtMostOnce);
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "m", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task All_properties_reach_the_subscriber_unchanged_and_user_properties_in_order()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, publisher) = (await broker.ConnectAsync("s"), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        var user = Enumerable.Range(0, 20).Select(i => new UserProperty($"name {i * 7 % 5}", $"value {i}")).Append(new UserProperty("", "")).ToList();
        await publisher.PublishAtLeastOnceAsync(new PublishPacket
        {
            Topic = "t", QoS = QualityOfService.AtLeastOnce, PacketId = 1, PayloadFormatIndicator = true, ContentType = "\u65e5\u672c", ResponseTopic = "answers/to/me",
            CorrelationData = new byte[] { 0, 255 }, UserProperties = user, MessageExpiryInterval = 33, TopicAlias = 3,
        });

        var received = await subscriber.ReceivePublishAsync();

        Assert.Equal((true, "\u65e5\u672c", "answers/to/me", 33u, null), (received.PayloadFormatIndicator, received.ContentType, received.ResponseTopic, received.MessageExpiryInterval, received.TopicAlias));
        Assert.Equal([0, 255], received.CorrelationData!.Value.ToArray());
        Assert.Equal(user, received.UserProperties);
    }
}

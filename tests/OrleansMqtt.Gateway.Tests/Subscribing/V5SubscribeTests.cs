using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

public sealed class V5SubscribeTests
{
    private static async Task<SubAckPacket> SubscribeAsync(TestClient client, ushort packetId, uint? identifier, params Subscription[] subscriptions)
    {
        await client.SendAsync(new SubscribePacket { PacketId = packetId, SubscriptionIdentifier = identifier, Subscriptions = subscriptions });
        return await client.ReceiveAsync<SubAckPacket>();
    }

    private static Subscription To(string filter, QualityOfService qos = QualityOfService.ExactlyOnce, bool noLocal = false) => new() { Filter = filter, MaximumQoS = qos, NoLocal = noLocal };

    [Fact]
    [Normative("5.0", "MQTT-3.8.4-1")]
    [Normative("5.0", "MQTT-3.8.4-2")]
    [Normative("5.0", "MQTT-3.8.4-6")]
    [Normative("5.0", "MQTT-3.8.4-7")]
    [Normative("5.0", "MQTT-3.9.3-1")]
    [Normative("5.0", "MQTT-3.9.3-2")]
    [Normative("5.0", "MQTT-2.2.1-6")]
    public async Task Each_filter_has_its_code_in_its_place_under_the_identifier_of_the_request()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        var subAck = await SubscribeAsync(client, 0xABCD, null,
            To("a", QualityOfService.ExactlyOnce), To("a#"), To("b", QualityOfService.AtMostOnce), To("c", QualityOfService.AtLeastOnce));

        Assert.Equal(0xABCD, subAck.PacketId);
        Assert.Equal([ReasonCode.GrantedQos2, ReasonCode.TopicFilterInvalid, ReasonCode.Success, ReasonCode.GrantedQos1], subAck.ReasonCodes);
        subAck = await SubscribeAsync(client, 1, null, To("#/a"));
        Assert.Equal([ReasonCode.TopicFilterInvalid], subAck.ReasonCodes);
    }

    /// <summary>Sent in one go: each has its SUBACK, and what is published behind them finds all of them in force.</summary>
    [Theory]
    [InlineData(3, null)]
    [InlineData(100, null)] // more than are carried out together
    [InlineData(100, 60u)]
    public async Task Subscriptions_sent_one_behind_the_other_are_each_answered_in_order(int count, uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        var packets = Enumerable.Range(1, count).Select(i => (Packet)new SubscribePacket { PacketId = (ushort)i, Subscriptions = [To($"t/{i}"), To("not#valid")] })
            .Append(new PublishPacket { Topic = $"t/{count}", Payload = "own"u8.ToArray() });
        await client.SendAsync(packets.SelectMany(packet => PacketEncoder.Encode(packet, client.Version)).ToArray());

        for (var i = 1; i <= count; i++)
        {
            var subAck = await client.ReceiveAsync<SubAckPacket>();
            Assert.Equal(i, subAck.PacketId);
            Assert.Equal([ReasonCode.GrantedQos2, ReasonCode.TopicFilterInvalid], subAck.ReasonCodes);
        }
        Assert.Equal("own", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_subscription_repeated_right_behind_gets_the_retained_message_for_each()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.SendAsync(new PublishPacket { Topic = "t", Payload = "kept"u8.ToArray(), Retain = true, QoS = QualityOfService.AtLeastOnce, PacketId = 1 });
        await client.ReceiveAsync<AcknowledgementPacket>();
        var packets = Enumerable.Range(2, 2).Select(i => new SubscribePacket { PacketId = (ushort)i, Subscriptions = [To("t", QualityOfService.AtMostOnce)] });
        await client.SendAsync(packets.SelectMany(packet => PacketEncoder.Encode(packet, client.Version)).ToArray());

        Assert.Equal(2, (await client.ReceiveAsync<SubAckPacket>()).PacketId);
        Assert.Equal(3, (await client.ReceiveAsync<SubAckPacket>()).PacketId);
        Assert.Equal("kept", await client.ReceiveTextAsync());
        Assert.Equal("kept", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.8.3-3")]
    public async Task No_local_keeps_a_clients_own_messages_from_it(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        var other = await broker.ConnectAsync("other");
        var publisher = await broker.ConnectAsync("publisher");
        await client.SubscribeAsync(To("a", noLocal: true));
        await other.SubscribeAsync(To("a"));

        await client.PublishAsync("a", "own", QualityOfService.AtLeastOnce);
        Assert.Equal("own", await other.ReceiveTextAsync());
        await publisher.PublishAsync("a", "other's", QualityOfService.AtLeastOnce);

        Assert.Equal("other's", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-3")]
    public async Task No_local_holds_for_the_clients_will_and_for_messages_it_left_behind()
    {
        await using var broker = await TestBroker.StartAsync();
        var other = await broker.ConnectAsync("other");
        await other.SubscribeAsync(To("a"));
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: 60, will: new Will { Topic = "a", Payload = "will"u8.ToArray(), QoS = QualityOfService.AtLeastOnce });
        await client.SubscribeAsync(To("a", noLocal: true));
        await broker.LoseAsync(client, "client");
        Assert.Equal("will", await other.ReceiveTextAsync());

        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        await publisher.PublishAsync("a", "other's", QualityOfService.AtLeastOnce);

        Assert.Equal("other's", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.3-4")]
    public async Task No_local_on_a_shared_subscription_is_a_protocol_error()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");

        await client.SendAsync((byte[])[0x82, 16, 0, 1, 0, 0, 10, .. "$share/g/a"u8, 0b100]);

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.8.4-3")]
    public async Task A_second_subscription_to_a_filter_takes_the_place_of_the_first(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        var publisher = await broker.ConnectAsync("publisher");
        await SubscribeAsync(client, 1, 1, To("a", QualityOfService.AtMostOnce));

        await SubscribeAsync(client, 2, 2, To("a", QualityOfService.AtLeastOnce, noLocal: true));

        await client.PublishAsync("a", "own", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("a", "1", QualityOfService.ExactlyOnce);
        await publisher.PublishAsync("a", "2", QualityOfService.ExactlyOnce);
        for (var i = 1; i <= 2; i++)
        {
            var received = await client.ReceivePublishAsync();
            Assert.Equal(($"{i}", QualityOfService.AtLeastOnce), (received.Text(), received.QoS));
            Assert.Equal([2u], received.SubscriptionIdentifiers);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.8.4-4")]
    public async Task No_message_is_lost_or_doubled_while_a_subscription_is_replaced(uint? sessionExpiry)
    {
        const int Count = 300;
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        var publisher = await broker.ConnectAsync("publisher");
        await client.SubscribeAsync("a", QualityOfService.AtLeastOnce);

        var publishing = PublishAllAsync(publisher, Count);
        for (ushort i = 1; i <= 100; i++)
            await client.SendAsync(new SubscribePacket { PacketId = (ushort)(1000 + i), SubscriptionIdentifier = i, Subscriptions = [To("a", QualityOfService.AtLeastOnce)] });

        var (next, acknowledged) = (0, 0);
        while (next < Count || acknowledged < 100)
        {
            var packet = await client.ReceiveAsync();
            if (packet is SubAckPacket)
            {
                acknowledged++;
                continue;
            }
            var publish = Assert.IsType<PublishPacket>(packet);
            Assert.Equal($"{next++}", publish.Text());
            await client.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
        }
        await publishing;
    }

    private static async Task PublishAllAsync(TestClient publisher, int count)
    {
        for (var i = 0; i < count; i++) await publisher.PublishAsync("a", $"{i}", QualityOfService.AtLeastOnce);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.8.4-5")]
    public async Task Several_filters_in_one_packet_count_like_a_packet_each()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.PublishAsync("a", "retained a", QualityOfService.AtLeastOnce, retain: true);
        await client.PublishAsync("b", "retained b", QualityOfService.AtLeastOnce, retain: true);
        var publisher = await broker.ConnectAsync("publisher");

        var subAck = await SubscribeAsync(client, 1, null, To("a", QualityOfService.ExactlyOnce), To("b"), To("a", QualityOfService.AtMostOnce));

        Assert.Equal([ReasonCode.GrantedQos2, ReasonCode.GrantedQos2, ReasonCode.Success], subAck.ReasonCodes);
        foreach (var text in (string[])["retained a", "retained b", "retained a"]) Assert.Equal(text, await client.ReceiveTextAsync());
        await publisher.PublishAsync("a", "live", QualityOfService.AtLeastOnce);
        var live = await client.ReceivePublishAsync();
        Assert.Equal(("live", QualityOfService.AtMostOnce), (live.Text(), live.QoS));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.3.4-2")]
    [Normative("5.0", "MQTT-3.3.4-3")]
    [Normative("5.0", "MQTT-3.3.4-4")]
    public async Task Overlapping_subscriptions_bring_one_copy_at_the_highest_quality_with_all_identifiers(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: sessionExpiry);
        var publisher = await broker.ConnectAsync("publisher");
        await SubscribeAsync(client, 1, 1, To("a/#", QualityOfService.AtMostOnce));
        await SubscribeAsync(client, 2, 2, To("a/b", QualityOfService.ExactlyOnce));
        await SubscribeAsync(client, 3, null, To("+/b", QualityOfService.AtLeastOnce));

        await publisher.PublishAsync("a/b", "x", QualityOfService.ExactlyOnce);

        var received = await client.ReceivePublishAsync();
        Assert.Equal(QualityOfService.ExactlyOnce, received.QoS);
        Assert.Equal([1u, 2u], received.SubscriptionIdentifiers.Order());
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-5")]
    public async Task A_copy_by_a_shared_subscription_carries_the_identifier_of_that_one()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await SubscribeAsync(client, 1, 1, To("a", QualityOfService.AtLeastOnce));
        await SubscribeAsync(client, 2, 2, To("$share/group/a", QualityOfService.AtLeastOnce));

        await client.PublishAsync("a", "x");

        var copies = new[] { await client.ReceivePublishAsync(), await client.ReceivePublishAsync() };
        Assert.Equal([1u, 2u], copies.Select(c => Assert.Single(c.SubscriptionIdentifiers)).Order());
    }

    [Fact]
    [Normative("5.0", "MQTT-4.7.2-1")]
    [Normative("5.0", "MQTT-3.3.2-3")]
    public async Task A_leading_wildcard_matches_no_topic_that_begins_with_a_dollar()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client");
        await client.PublishAsync("$a/x", "retained", QualityOfService.AtLeastOnce, retain: true);
        await client.SubscribeAsync(To("#"), To("+/x"), To("$share/group/#"), To("$a/#"));
        Assert.Equal("retained", await client.ReceiveTextAsync());

        await client.PublishAsync("$a/x", "live");

        Assert.Equal("live", await client.ReceiveTextAsync());
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-4.7.3-4")]
    [Normative("5.0", "MQTT-1.5.4-3")]
    public async Task Topics_are_compared_as_they_are()
    {
        string[] topics = ["\u00C5", "A\u030A", "\uFEFFa", "a", "A", "a/", "/a", "a//b", "a/b", "a /b"];
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var clients = new List<(string Topic, TestClient Client)>();
        foreach (var topic in topics)
        {
            var client = await broker.ConnectAsync(topic);
            await client.SubscribeAsync(topic);
            clients.Add((topic, client));
        }

        foreach (var topic in topics) await publisher.PublishAsync(topic, topic, QualityOfService.AtLeastOnce);

        foreach (var (topic, client) in clients)
        {
            var received = await client.ReceivePublishAsync();
            Assert.Equal((topic, topic), (received.Topic, received.Text()));
            await client.ExpectNothingAsync();
        }
    }
}

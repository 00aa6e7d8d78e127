using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

public sealed class V311UnsubscribeTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-2.3.1-7")]
    [Normative("3.1.1", "MQTT-3.10.4-4")]
    [Normative("3.1.1", "MQTT-3.10.4-5")]
    public async Task UNSUBACK_has_the_identifier_also_when_there_was_no_subscription()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect());
        await raw.ExpectAsync("20 02 00 00");
        await raw.SendAsync("82 06 0001 0001 61 00");
        await raw.ExpectAsync("90 03 0001 00");

        await raw.SendAsync("A2 05 ABCD 0001 61" + "A2 05 ABCE 0001 61");

        await raw.ExpectAsync("B0 02 AB CD" + "B0 02 AB CE");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.10.4-1")]
    public async Task Only_a_filter_that_is_the_same_character_by_character_is_removed(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var subscriber = await broker.ConnectV311Async("subscriber", cleanSession);
        await subscriber.SubscribeAsync(new Subscription { Filter = "a/+", MaximumQoS = AtLeastOnce }, new Subscription { Filter = "a/b", MaximumQoS = AtLeastOnce });

        await UnsubscribeAsync(subscriber, "A/+", "a/#", "#", "a/+/", "/a/+");
        await UnsubscribeAsync(subscriber, "a/b");

        await publisher.PublishAsync("a/b", "still", AtLeastOnce);
        await subscriber.ExpectPublishAsync("a/b", "still");
        await UnsubscribeAsync(subscriber, "a/+");
        await publisher.PublishAsync("a/b", "no more", AtLeastOnce);
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.10.4-2")]
    [Normative("3.1.1", "MQTT-3.10.4-6")]
    public async Task Nothing_new_is_added_for_filters_that_one_UNSUBSCRIBE_removed()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var subscriber = await broker.ResumeV311Async("subscriber");
        await subscriber.SubscribeAsync(new Subscription { Filter = "a", MaximumQoS = ExactlyOnce }, new Subscription { Filter = "b/#" }, new Subscription { Filter = "c", MaximumQoS = AtLeastOnce });

        await UnsubscribeAsync(subscriber, "a", "unknown", "b/#");

        await PublishAllAsync("live");
        await subscriber.ExpectPublishAsync("c", "live");
        await subscriber.ExpectNothingAsync();
        await subscriber.DisconnectAsync();
        await PublishAllAsync("meanwhile");
        subscriber = await broker.ResumeV311Async("subscriber");
        await subscriber.ExpectPublishAsync("c", "meanwhile");
        await PublishAllAsync("after");
        await subscriber.ExpectPublishAsync("c", "after");
        await subscriber.ExpectNothingAsync();

        async Task PublishAllAsync(string payload)
        {
            foreach (var topic in (string[])["a", "b/x", "c"]) await publisher.PublishAsync(topic, payload, ExactlyOnce);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.10.4-3")]
    public async Task Deliveries_that_have_begun_are_completed(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var subscriber = await broker.ConnectV311Async("subscriber", cleanSession);
        await subscriber.SubscribeAsync("t");
        await publisher.PublishAsync("t", "1", AtLeastOnce);
        await publisher.PublishAsync("t", "2", ExactlyOnce);
        var (first, second) = (await subscriber.ReceiveAsync<PublishPacket>(), await subscriber.ReceiveAsync<PublishPacket>());

        await UnsubscribeAsync(subscriber, "t");

        await subscriber.AcknowledgeAsync(PacketType.PubRec, second.PacketId);
        await subscriber.ExpectAcknowledgementAsync(PacketType.PubRel, second.PacketId);
        if (!cleanSession)
        {
            await subscriber.DisconnectAsync();
            subscriber = await broker.ResumeV311Async("subscriber");
            var again = await subscriber.ReceiveAsync<PublishPacket>();
            Assert.Equal((first.PacketId, "1", true), (again.PacketId, again.Text(), again.Duplicate));
            await subscriber.ExpectAcknowledgementAsync(PacketType.PubRel, second.PacketId);
        }
        await subscriber.AcknowledgeAsync(PacketType.PubComp, second.PacketId);
        await subscriber.AcknowledgeAsync(PacketType.PubAck, first.PacketId);
        await subscriber.ExpectNothingAsync();
    }

    private static async Task UnsubscribeAsync(TestClient client, params string[] filters)
    {
        var packetId = client.NextPacketId();
        await client.SendAsync(new UnsubscribePacket { PacketId = packetId, Filters = filters });
        Assert.Equal(packetId, (await client.ReceiveAsync<UnsubAckPacket>()).PacketId);
    }
}

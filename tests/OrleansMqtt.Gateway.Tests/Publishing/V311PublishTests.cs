using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Publishing;

public sealed class V311PublishTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-3.3.4-1")]
    [Normative("3.1.1", "MQTT-2.3.1-6")]
    public async Task PUBLISH_is_answered_by_nothing_PUBACK_or_PUBREC_with_its_identifier()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect());
        await raw.ExpectAsync("20 02 00 00");

        await raw.SendAsync("30 04 0001 74 78" + "C000");
        await raw.ExpectAsync("D0 00");
        await raw.SendAsync("32 06 0001 74 1234 78");
        await raw.ExpectAsync("40 02 12 34");
        await raw.SendAsync("34 06 0001 74 1235 78");
        await raw.ExpectAsync("50 02 12 35");
        await raw.SendAsync("62 02 12 35");
        await raw.ExpectAsync("70 02 12 35");
        await raw.SendAsync("62 02 12 35");
        await raw.ExpectAsync("70 02 12 35");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-2.3.1-3")]
    [Normative("3.1.1", "MQTT-4.3.2-2")]
    public async Task After_PUBACK_a_PUBLISH_with_that_identifier_is_a_new_message_whatever_its_DUP()
    {
        await using var broker = await TestBroker.StartAsync();
        var (observer, publisher) = await ConnectAsync(broker);
        foreach (var (payload, duplicate) in ((string, bool)[])[("a", false), ("b", true), ("b", false)])
        {
            await publisher.SendPublishAsync("t", payload, AtLeastOnce, 5, duplicate);
            await publisher.ExpectAcknowledgementAsync(PacketType.PubAck, 5);
        }

        await observer.ExpectPublishAsync("t", "a");
        await observer.ExpectPublishAsync("t", "b");
        await observer.ExpectPublishAsync("t", "b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-2.3.1-3")]
    [Normative("3.1.1", "MQTT-4.3.3-2")]
    public async Task A_QoS_2_message_is_delivered_once_however_often_it_comes_until_PUBCOMP(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var (observer, publisher) = await ConnectAsync(broker, cleanSession);
        await publisher.SendPublishAsync("t", "a", ExactlyOnce, 5);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        await publisher.SendPublishAsync("t", "a", ExactlyOnce, 5, duplicate: true);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        for (var i = 0; i < 2; i++)
        {
            await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
            await publisher.ExpectAcknowledgementAsync(PacketType.PubComp, 5);
        }
        await observer.ExpectPublishAsync("t", "a");
        await observer.ExpectNothingAsync();

        await publisher.SendPublishAsync("t", "b", ExactlyOnce, 5);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubComp, 5);
        await observer.ExpectPublishAsync("t", "b");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.3.2-2")]
    [Normative("3.1.1", "MQTT-4.8.0-1")]
    public async Task A_QoS_1_message_under_the_identifier_of_an_open_QoS_2_exchange_is_not_acknowledged_away()
    {
        await using var broker = await TestBroker.StartAsync();
        var (observer, publisher) = await ConnectAsync(broker);
        await publisher.SendPublishAsync("t", "open", ExactlyOnce, 5);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        await observer.ExpectPublishAsync("t", "open");

        await publisher.SendPublishAsync("t", "confused", AtLeastOnce, 5);

        await publisher.ExpectClosedAsync();
        await observer.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.1-3")]
    public async Task DUP_of_the_publisher_does_not_reach_subscribers()
    {
        await using var broker = await TestBroker.StartAsync();
        var (observer, publisher) = await ConnectAsync(broker);

        await publisher.SendPublishAsync("t", "1", AtLeastOnce, 1, duplicate: true);
        await publisher.SendPublishAsync("t", "2", ExactlyOnce, 2, duplicate: true);

        Assert.False((await observer.ExpectPublishAsync("t", "1")).Duplicate);
        Assert.False((await observer.ExpectPublishAsync("t", "2")).Duplicate);
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Normative("3.1.1", "MQTT-3.3.5-2")]
    public async Task A_publish_that_is_not_allowed_is_acknowledged_and_goes_nowhere(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var (observer, publisher) = await ConnectAsync(broker);
        await observer.SubscribeAsync("$SYS/#");

        await publisher.PublishAsync("$SYS/broker/uptime", "forged", qos, retain: true);

        await publisher.ExpectNothingAsync();
        await observer.ExpectNothingAsync();
        await broker.ExpectNoRetainedAsync("$SYS/#");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.6.0-2")]
    [Normative("3.1.1", "MQTT-4.6.0-3")]
    public async Task Acknowledgements_come_in_the_order_of_their_messages_though_the_store_answers_out_of_order()
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(configure: store.Install);
        var away = await broker.ResumeV311Async("away");
        await away.SubscribeAsync("slow");
        await away.DisconnectAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        store.Close();

        // The first of each kind waits for the store; those behind it have nobody to wait for.
        await publisher.SendPublishAsync("slow", "", AtLeastOnce, 1);
        await publisher.SendPublishAsync("quick", "", AtLeastOnce, 2);
        await publisher.SendPublishAsync("slow", "", ExactlyOnce, 3);
        await publisher.SendPublishAsync("quick", "", ExactlyOnce, 4);
        await publisher.SendPublishAsync("quick", "", AtLeastOnce, 5);
        await store.Entered;
        await publisher.ExpectNothingAsync();
        store.Open();

        await publisher.ExpectAcknowledgementAsync(PacketType.PubAck, 1);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubAck, 2);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 3);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubRec, 4);
        await publisher.ExpectAcknowledgementAsync(PacketType.PubAck, 5);
    }

    private static async Task<(TestClient Observer, TestClient Publisher)> ConnectAsync(TestBroker broker, bool cleanSession = true)
    {
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("t");
        return (observer, await broker.ConnectV311Async("publisher", cleanSession));
    }
}

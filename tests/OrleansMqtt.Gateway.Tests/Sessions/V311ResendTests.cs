using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class V311ResendTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-2.3.1-4")]
    [Normative("3.1.1", "MQTT-3.3.1-1")]
    [Normative("3.1.1", "MQTT-3.3.1-3")]
    [Normative("3.1.1", "MQTT-4.3.2-1")]
    [Normative("3.1.1", "MQTT-4.4.0-1")]
    [Normative("3.1.1", "MQTT-4.6.0-1")]
    public async Task Unacknowledged_messages_come_again_with_DUP_under_their_identifiers_and_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await SubscribedAsync(broker);
        for (var i = 1; i <= 5; i++) await publisher.PublishAsync("t", $"{i}", i % 2 == 0 ? ExactlyOnce : AtLeastOnce);
        var first = await ReceiveAsync(client, 5);
        Assert.All(first, p => Assert.False(p.Duplicate));
        Assert.Equal(5, first.Select(p => p.PacketId).Distinct().Count());
        Assert.DoesNotContain(first, p => p.PacketId == 0);
        client.Abort();

        client = await broker.ResumeV311Async("client");
        await publisher.PublishAsync("t", "new", AtLeastOnce);
        var again = await ReceiveAsync(client, 6);

        Assert.Equal(first.Select(p => (p.PacketId, p.Text(), true)), again[..5].Select(p => (p.PacketId, p.Text(), p.Duplicate)));
        Assert.Equal(("new", false), (again[5].Text(), again[5].Duplicate));
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.3.2-1")]
    [Normative("3.1.1", "MQTT-4.4.0-1")]
    public async Task What_was_acknowledged_before_DISCONNECT_does_not_come_again_however_slow_the_store_is()
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(configure: store.Install);
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await SubscribedAsync(broker);
        for (var i = 1; i <= 3; i++) await publisher.PublishAsync("t", $"{i}", AtLeastOnce);
        var sent = await ReceiveAsync(client, 3);
        store.Close();

        // The store is still at the first acknowledgement when the others come and the client goes.
        await client.AcknowledgeAsync(PacketType.PubAck, sent[0].PacketId);
        await store.Entered;
        await client.AcknowledgeAsync(PacketType.PubAck, sent[1].PacketId);
        await client.AcknowledgeAsync(PacketType.PubAck, sent[2].PacketId);
        await client.SendAsync(new DisconnectPacket());
        store.Open();
        await client.ExpectClosedAsync();

        client = await broker.ResumeV311Async("client");
        await publisher.PublishAsync("t", "next", AtLeastOnce);
        await client.ExpectPublishAsync("t", "next");
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.3.3-1")]
    [Normative("3.1.1", "MQTT-4.4.0-1")]
    public async Task After_PUBREL_only_PUBREL_comes_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await SubscribedAsync(broker);
        for (var i = 1; i <= 3; i++) await publisher.PublishAsync("t", $"{i}", ExactlyOnce);
        var sent = await ReceiveAsync(client, 3);
        Assert.All(sent, p => Assert.Equal((ExactlyOnce, false), (p.QoS, p.Duplicate)));
        await client.AcknowledgeAsync(PacketType.PubRec, sent[0].PacketId);
        await client.ExpectAcknowledgementAsync(PacketType.PubRel, sent[0].PacketId);
        await client.AcknowledgeAsync(PacketType.PubRec, sent[1].PacketId);
        await client.ExpectAcknowledgementAsync(PacketType.PubRel, sent[1].PacketId);
        await client.AcknowledgeAsync(PacketType.PubComp, sent[1].PacketId);
        await client.DisconnectAsync();

        client = await broker.ResumeV311Async("client");

        await client.ExpectAcknowledgementAsync(PacketType.PubRel, sent[0].PacketId);
        var again = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal((sent[2].PacketId, "3", true), (again.PacketId, again.Text(), again.Duplicate));
        await client.AcknowledgeAsync(PacketType.PubComp, sent[0].PacketId);
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.3.3-1")]
    public async Task PUBREL_waits_until_it_is_recorded_that_the_message_must_not_be_sent_again()
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(configure: store.Install);
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await SubscribedAsync(broker);
        await publisher.PublishAsync("t", "x", ExactlyOnce);
        var packetId = (await client.ReceiveAsync<PublishPacket>()).PacketId;
        store.Close();

        await client.AcknowledgeAsync(PacketType.PubRec, packetId);
        await store.Entered;
        await client.ExpectNothingAsync();
        store.Open();

        await client.ExpectAcknowledgementAsync(PacketType.PubRel, packetId);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.3.3-2")]
    [Normative("3.1.1", "MQTT-4.1.0-1")]
    public async Task What_a_session_has_received_at_QoS_2_it_knows_after_a_reconnect()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("t");
        var client = await broker.ResumeV311Async("client");
        await client.SendPublishAsync("t", "once", ExactlyOnce, 5);
        await client.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        client.Abort();

        client = await broker.ResumeV311Async("client");
        await client.SendPublishAsync("t", "once", ExactlyOnce, 5, duplicate: true);
        await client.ExpectAcknowledgementAsync(PacketType.PubRec, 5);
        await client.AcknowledgeAsync(PacketType.PubRel, 5);
        await client.ExpectAcknowledgementAsync(PacketType.PubComp, 5);
        client.Abort();
        client = await broker.ResumeV311Async("client");
        await client.AcknowledgeAsync(PacketType.PubRel, 5);
        await client.ExpectAcknowledgementAsync(PacketType.PubComp, 5);

        await observer.ExpectPublishAsync("t", "once");
        await observer.ExpectNothingAsync();
    }

    private static async Task<TestClient> SubscribedAsync(TestBroker broker)
    {
        var client = await broker.ResumeV311Async("client");
        await client.SubscribeAsync("t");
        return client;
    }

    private static async Task<PublishPacket[]> ReceiveAsync(TestClient client, int count)
    {
        var publishes = new PublishPacket[count];
        for (var i = 0; i < count; i++) publishes[i] = await client.ReceiveAsync<PublishPacket>();
        return publishes;
    }
}

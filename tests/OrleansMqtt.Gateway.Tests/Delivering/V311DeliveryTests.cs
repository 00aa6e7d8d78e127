using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Delivering;

public sealed class V311DeliveryTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-4.3.1-1")]
    [Normative("3.1.1", "MQTT-4.3.2-1")]
    [Normative("3.1.1", "MQTT-4.3.3-1")]
    [Normative("3.1.1", "MQTT-2.3.1-6")]
    public async Task A_message_goes_out_without_DUP_and_its_exchange_is_carried_to_the_end()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect() + "82 06 0001 0001 74 02");
        await raw.ExpectAsync("20 02 00 00" + "90 03 0001 02");
        var publisher = await broker.ConnectV311Async("publisher");

        await publisher.PublishAsync("t", "x");
        await raw.ExpectAsync("30 04 0001 74 78");
        await publisher.PublishAsync("t", "x", AtLeastOnce);
        await raw.ExpectAsync("32 06 0001 74 0001 78");
        await raw.SendAsync("40 02 0001");
        await publisher.PublishAsync("t", "x", ExactlyOnce);
        await raw.ExpectAsync("34 06 0001 74 0002 78");
        await raw.SendAsync("50 02 0002");
        await raw.ExpectAsync("62 02 0002");
        await raw.SendAsync("70 02 0002" + "C0 00");
        await raw.ExpectAsync("D0 00");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-2.3.1-4")]
    [Normative("3.1.1", "MQTT-4.3.2-1")]
    public async Task A_packet_identifier_is_not_used_again_before_its_message_is_acknowledged()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ConnectV311Async("client");
        await client.SubscribeAsync("t");
        var open = new HashSet<ushort>();
        for (var i = 0; i < 300; i++)
        {
            await publisher.PublishAsync("t", $"{i}", AtLeastOnce);
            var packetId = (await client.ReceiveAsync<PublishPacket>()).PacketId;
            Assert.NotEqual(0, packetId);
            Assert.True(open.Add(packetId), $"{packetId} is in use.");
            if (i % 3 == 0) continue;
            await client.AcknowledgeAsync(PacketType.PubAck, packetId);
            open.Remove(packetId);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-4.6.0-4")]
    public async Task PUBRELs_come_in_the_order_of_the_PUBRECs(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ConnectV311Async("client", cleanSession);
        await client.SubscribeAsync("t");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("t", $"{i}", ExactlyOnce);
        var received = new List<ushort>();
        while (received.Count < 3) received.Add((await client.ReceiveAsync<PublishPacket>()).PacketId);

        ushort[] order = [received[1], received[0], received[2]];
        foreach (var packetId in order) await client.AcknowledgeAsync(PacketType.PubRec, packetId);

        foreach (var packetId in order) await client.ExpectAcknowledgementAsync(PacketType.PubRel, packetId);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.5-1")]
    public async Task Overlapping_subscriptions_deliver_at_the_highest_QoS()
    {
        await using var broker = await TestBroker.StartAsync();
        var clients = new[] { await broker.ConnectV311Async("clean"), await broker.ResumeV311Async("persistent") };
        foreach (var client in clients)
        {
            await client.SubscribeAsync("a/#", AtMostOnce);
            await client.SubscribeAsync("a/b", ExactlyOnce);
            await client.SubscribeAsync("+/b", AtLeastOnce);
        }

        await (await broker.ConnectV311Async("publisher")).PublishAsync("a/b", "x", ExactlyOnce);

        foreach (var client in clients)
        {
            Assert.Equal(ExactlyOnce, (await client.ExpectPublishAsync("a/b", "x")).QoS);
            await client.ExpectNothingAsync();
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-4.5.0-1")]
    public async Task A_message_reaches_every_session_that_matches_connected_or_not()
    {
        await using var broker = await TestBroker.StartAsync();
        var connected = await broker.ConnectV311Async("connected");
        await connected.SubscribeAsync("a/b", AtLeastOnce);
        var wild = await broker.ResumeV311Async("wild");
        await wild.SubscribeAsync("a/#", AtLeastOnce);
        var away = await broker.ResumeV311Async("away");
        await away.SubscribeAsync("+/b", AtLeastOnce);
        await away.DisconnectAsync();

        await (await broker.ConnectV311Async("publisher")).PublishAsync("a/b", "x", AtLeastOnce);

        await connected.ExpectPublishAsync("a/b", "x");
        await wild.ExpectPublishAsync("a/b", "x");
        await (await broker.ResumeV311Async("away")).ExpectPublishAsync("a/b", "x");
    }

    [Theory]
    [InlineData(AtMostOnce, true)]
    [InlineData(AtLeastOnce, true)]
    [InlineData(ExactlyOnce, true)]
    [InlineData(AtMostOnce, false)]
    [InlineData(AtLeastOnce, false)]
    [InlineData(ExactlyOnce, false)]
    [Normative("3.1.1", "MQTT-4.6.0-5")]
    [Normative("3.1.1", "MQTT-4.6.0-6")]
    public async Task Messages_of_a_publisher_keep_their_order_on_any_topic(QualityOfService qos, bool cleanSession)
    {
        const int messages = 1000;
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var client = await broker.ConnectV311Async("client", cleanSession);
        await client.SubscribeAsync("$ordered/a//b/c/d/e/f");

        var publishing = PublishAsync();
        var releasing = ReleaseAsync();
        for (var next = 0; next < messages;)
        {
            var packet = await client.ReceiveAsync();
            if (packet is PublishPacket publish)
            {
                Assert.Equal($"{next++}", publish.Text());
                if (qos != AtMostOnce) await client.AcknowledgeAsync(qos == AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, publish.PacketId);
            }
            else
            {
                await client.AcknowledgeAsync(PacketType.PubComp, Assert.IsType<AcknowledgementPacket>(packet).PacketId);
            }
        }
        await publishing;
        await releasing;

        async Task PublishAsync()
        {
            for (var i = 0; i < messages; i++) await publisher.SendPublishAsync("$ordered/a//b/c/d/e/f", $"{i}", qos, qos == AtMostOnce ? (ushort)0 : (ushort)(i + 1));
        }

        async Task ReleaseAsync()
        {
            for (var i = 0; i < messages && qos != AtMostOnce; i++)
            {
                var answer = await publisher.ReceiveAsync<AcknowledgementPacket>();
                while (answer.Type == PacketType.PubComp) answer = await publisher.ReceiveAsync<AcknowledgementPacket>();
                if (qos == ExactlyOnce) await publisher.AcknowledgeAsync(PacketType.PubRel, answer.PacketId);
            }
        }
    }
}

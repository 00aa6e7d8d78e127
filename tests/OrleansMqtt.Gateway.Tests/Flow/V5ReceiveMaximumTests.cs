using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class V5ReceiveMaximumTests
{
    private static async Task<(TestClient Client, TestClient Publisher)> StartAsync(TestBroker broker, ushort? receiveMaximum, uint? sessionExpiry)
    {
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", CleanStart = true, ReceiveMaximum = receiveMaximum, SessionExpiryInterval = sessionExpiry });
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("fast", QualityOfService.AtMostOnce);
        return (client, await broker.ConnectAsync("publisher"));
    }

    // QoS 0 passes by a full window: what else had been sent would have come before it.
    private static async Task ExpectNoMoreAsync(TestClient client, TestClient publisher)
    {
        await publisher.PublishAsync("fast", "marker");
        Assert.Equal("marker", await client.ReceiveTextAsync());
        await client.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, null)]
    [InlineData(QualityOfService.AtLeastOnce, 60u)]
    [InlineData(QualityOfService.ExactlyOnce, null)]
    [InlineData(QualityOfService.ExactlyOnce, 60u)]
    [Normative("5.0", "MQTT-3.3.4-9")]
    [Normative("5.0", "MQTT-4.9.0-1")]
    [Normative("5.0", "MQTT-4.9.0-2")]
    public async Task Each_completed_message_lets_one_more_through(QualityOfService qos, uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker, 2, sessionExpiry);
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("a", $"{i}", qos);
        var inflight = new Queue<ushort>();
        for (var i = 0; i < 2; i++) inflight.Enqueue((await client.ReceiveAsync<PublishPacket>()).PacketId);
        await ExpectNoMoreAsync(client, publisher);

        for (var i = 2; i < 5; i++)
        {
            var packetId = inflight.Dequeue();
            if (qos == QualityOfService.AtLeastOnce)
            {
                await client.AcknowledgeAsync(PacketType.PubAck, packetId);
            }
            else if (i == 4)
            {
                await client.AcknowledgeAsync(PacketType.PubRec, packetId, ReasonCode.QuotaExceeded);
            }
            else
            {
                await client.AcknowledgeAsync(PacketType.PubRec, packetId);
                await client.ExpectAsync(PacketType.PubRel, packetId);
                await ExpectNoMoreAsync(client, publisher);
                await client.AcknowledgeAsync(PacketType.PubComp, packetId);
            }
            var next = await client.ReceiveAsync<PublishPacket>();
            Assert.Equal($"{i}", next.Text());
            inflight.Enqueue(next.PacketId);
            await ExpectNoMoreAsync(client, publisher);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-4.9.0-2")]
    public async Task Surplus_acknowledgements_do_not_widen_the_window(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker, 1, sessionExpiry);
        for (ushort id = 1; id < 20; id++) await client.AcknowledgeAsync(PacketType.PubAck, id);
        await client.ExpectNothingAsync();

        for (var i = 0; i < 3; i++) await publisher.PublishAsync("a", $"{i}", QualityOfService.AtLeastOnce);

        Assert.Equal("0", (await client.ReceiveAsync<PublishPacket>()).Text());
        await ExpectNoMoreAsync(client, publisher);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-3.3.4-10")]
    [Normative("5.0", "MQTT-4.9.0-3")]
    [Normative("5.0", "MQTT-3.12.4-1")]
    public async Task Everything_but_messages_passes_a_full_window(uint? sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker, 1, sessionExpiry);
        await publisher.PublishAsync("a", "x", QualityOfService.ExactlyOnce);
        await publisher.PublishAsync("a", "y", QualityOfService.ExactlyOnce);
        var inflight = await client.ReceiveAsync<PublishPacket>();

        await client.ExpectNothingAsync();
        Assert.Equal([0xD0, 0x00], client.LastBytes.ToArray());
        await client.SubscribeAsync("b");
        await client.SendAsync(new UnsubscribePacket { PacketId = 900, Filters = ["b"] });
        await client.ReceiveAsync<UnsubAckPacket>();
        await client.PublishAsync("c", "x", QualityOfService.AtLeastOnce);
        await client.PublishAsync("c", "x", QualityOfService.ExactlyOnce);
        await client.AcknowledgeAsync(PacketType.PubRec, inflight.PacketId);
        await client.ExpectAsync(PacketType.PubRel, inflight.PacketId);
        await ExpectNoMoreAsync(client, publisher);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.9.0-2")]
    public async Task What_is_sent_again_after_a_reconnect_fills_the_new_window()
    {
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker, 10, 60);
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("a", $"{i}", QualityOfService.AtLeastOnce);
        for (var i = 0; i < 5; i++) await client.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(client, "client");

        client = await broker.ConnectAsync(new ConnectPacket { ClientId = "client", ReceiveMaximum = 2, SessionExpiryInterval = 60 });

        var first = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal("1", (await client.ReceiveAsync<PublishPacket>()).Text());
        await ExpectNoMoreAsync(client, publisher);
        await client.AcknowledgeAsync(PacketType.PubAck, first.PacketId);
        Assert.Equal("2", (await client.ReceiveAsync<PublishPacket>()).Text());
    }

    [Fact]
    [Normative("5.0", "MQTT-4.9.0-1")]
    public async Task A_receive_maximum_of_zero_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = broker.Open();

        await client.SendAsync((byte[])[0x10, 17, 0, 4, .. "MQTT"u8, 5, 2, 0, 0, 3, 0x21, 0, 0, 0, 1, (byte)'a']);

        Assert.Equal(ReasonCode.ProtocolError, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.3.4-7")]
    public async Task A_client_that_exceeds_the_servers_receive_maximum_is_disconnected()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 3 });
        var client = await broker.ConnectAsync("client");
        Assert.Equal((ushort)3, client.ConnAck!.ReceiveMaximum);
        for (ushort id = 1; id <= 3; id++)
        {
            await client.SendAsync(new PublishPacket { Topic = "a", QoS = QualityOfService.ExactlyOnce, PacketId = id });
            await client.ReceiveAsync<AcknowledgementPacket>();
        }
        await client.PublishAsync("a", "QoS 0 does not count");
        await client.AcknowledgeAsync(PacketType.PubRel, 1);
        await client.ExpectAsync(PacketType.PubComp, 1);
        await client.SendAsync(new PublishPacket { Topic = "a", QoS = QualityOfService.ExactlyOnce, PacketId = 4 });
        await client.ReceiveAsync<AcknowledgementPacket>();

        await client.SendAsync(new PublishPacket { Topic = "a", QoS = QualityOfService.AtLeastOnce, PacketId = 5 });

        await client.ExpectDisconnectAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60u)]
    [Normative("5.0", "MQTT-2.2.1-4")]
    [Normative("5.0", "MQTT-4.3.2-1")]
    [Normative("5.0", "MQTT-4.3.3-1")]
    public async Task Messages_in_flight_have_different_identifiers_also_after_all_were_used_once(uint? sessionExpiry)
    {
        const int Batch = 500;
        await using var broker = await TestBroker.StartAsync();
        var (client, publisher) = await StartAsync(broker, null, sessionExpiry);
        await publisher.PublishAsync("a", "held", QualityOfService.AtLeastOnce);
        var held = await client.ReceiveAsync<PublishPacket>();
        Assert.NotEqual(0, held.PacketId);
        // One identifier is held; the other 65,534 are used once.
        for (var used = 0; used < 65_534;)
        {
            var count = Math.Min(Batch, 65_534 - used);
            await publisher.SendAsync(Enumerable.Range(1, count).SelectMany(i => PacketEncoder.Encode(
                new PublishPacket { Topic = "a", QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)i }, ProtocolVersion.V50)).ToArray());
            var batch = new HashSet<ushort> { 0, held.PacketId };
            var answers = new List<byte>();
            for (var i = 0; i < count; i++)
            {
                var packetId = (await client.ReceiveAsync<PublishPacket>()).PacketId;
                Assert.True(batch.Add(packetId));
                answers.AddRange((byte[])[0x40, 2, (byte)(packetId >> 8), (byte)packetId]);
            }
            await client.SendAsync(answers.ToArray());
            for (var i = 0; i < count; i++) await publisher.ReceiveAsync<AcknowledgementPacket>();
            used += count;
        }

        // The next one has to wait, and gets an identifier as soon as the oldest is free.
        await publisher.PublishAsync("a", "next", QualityOfService.ExactlyOnce);
        await ExpectNoMoreAsync(client, publisher);
        await client.AcknowledgeAsync(PacketType.PubAck, held.PacketId);
        var next = await client.ReceiveAsync<PublishPacket>();
        Assert.Equal("next", next.Text());
        Assert.NotEqual(0, next.PacketId);
    }
}

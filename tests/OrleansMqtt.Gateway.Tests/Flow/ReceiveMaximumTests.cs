using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class ReceiveMaximumTests
{
    [Theory]
    [InlineData(0u, QualityOfService.AtLeastOnce)]
    [InlineData(0u, QualityOfService.ExactlyOnce)]
    [InlineData(1000u, QualityOfService.AtLeastOnce)]
    [InlineData(1000u, QualityOfService.ExactlyOnce)]
    public async Task No_more_are_in_flight_than_the_client_allows(uint sessionExpiry, QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "s", SessionExpiryInterval = sessionExpiry, ReceiveMaximum = 3 });
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 10; i++) await publisher.PublishAsync("t", $"{i}", qos);
        await publisher.PublishAsync("t", "QoS 0");
        var window = new Queue<PublishPacket>();
        PublishPacket? unlimited = null;
        for (var i = 0; i < 4; i++)
        {
            var publish = await subscriber.ReceiveAsync<PublishPacket>();
            if (publish.QoS == QualityOfService.AtMostOnce) unlimited = publish;
            else window.Enqueue(publish);
        }
        Assert.Equal("QoS 0", unlimited!.Text());
        await subscriber.ExpectNothingAsync();

        for (var i = 3; i < 13; i++)
        {
            var first = window.Dequeue();
            Assert.Equal($"{i - 3}", first.Text());
            if (qos == QualityOfService.AtLeastOnce)
            {
                await subscriber.AcknowledgeAsync(PacketType.PubAck, first.PacketId);
            }
            else
            {
                // PUBREC frees nothing: PUBCOMP does.
                await subscriber.AcknowledgeAsync(PacketType.PubRec, first.PacketId);
                await subscriber.ExpectAsync(PacketType.PubRel, first.PacketId);
                await subscriber.ExpectNothingAsync();
                await subscriber.AcknowledgeAsync(PacketType.PubComp, first.PacketId);
            }
            if (i < 10) window.Enqueue(await subscriber.ReceiveAsync<PublishPacket>());
            await subscriber.ExpectNothingAsync();
        }
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Packet_identifiers_are_never_in_use_twice_and_come_round()
    {
        await using var broker = await TestBroker.StartAsync();
        foreach (var expiry in (uint[])[0, 1000])
        {
            var subscriber = await broker.ConnectAsync("s", cleanStart: true, sessionExpiry: expiry);
            await subscriber.SubscribeAsync("t", QualityOfService.AtLeastOnce);
            var publisher = await broker.ConnectAsync("p");
            const int Messages = 70_000, Batch = 500;
            // The very first stays unacknowledged for long: its identifier must not be given out again.
            ushort held = 0;
            for (var i = 0; i < Messages; i += Batch)
            {
                var burst = Enumerable.Range(1, Batch).SelectMany(n => Protocol.Codec.PacketEncoder.Encode(
                    new PublishPacket { Topic = "t", QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)n }, ProtocolVersion.V50));
                await publisher.SendAsync(burst.ToArray());
                for (var n = 1; n <= Batch; n++) await publisher.ExpectAsync(PacketType.PubAck, (ushort)n);
                for (var n = 0; n < Batch; n++)
                {
                    var publish = await subscriber.ReceiveAsync<PublishPacket>();
                    Assert.NotEqual(held, publish.PacketId);
                    if (i == 0 && n == 0) held = publish.PacketId;
                    else await subscriber.AcknowledgeAsync(PacketType.PubAck, publish.PacketId);
                }
                if (i != 50_000) continue;
                await subscriber.AcknowledgeAsync(PacketType.PubAck, held);
                held = 0;
            }
            await subscriber.ExpectNothingAsync();
            broker.AssertAccounts();
            await broker.LeaveAsync(subscriber, "s", new DisconnectPacket { SessionExpiryInterval = 0 });
        }
    }

    [Fact]
    public async Task A_5_0_client_that_exceeds_the_brokers_is_disconnected()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 2 });
        var client = await broker.ConnectAsync("c");
        Assert.Equal((ushort)2, client.ConnAck!.ReceiveMaximum);
        for (ushort i = 1; i <= 2; i++)
        {
            await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = i });
            await client.ExpectAsync(PacketType.PubRec, i, ReasonCode.NoMatchingSubscribers);
        }
        // An exchange that ends makes room.
        await client.AcknowledgeAsync(PacketType.PubRel, 1);
        await client.ExpectAsync(PacketType.PubComp, 1);
        await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = 3 });
        await client.ExpectAsync(PacketType.PubRec, 3, ReasonCode.NoMatchingSubscribers);
        await client.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.ExactlyOnce, PacketId = 4 });

        await client.ExpectDisconnectAsync(ReasonCode.ReceiveMaximumExceeded);
    }

    [Fact]
    public async Task A_3_1_1_client_knows_of_no_limit_and_all_its_messages_are_taken()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 2 });
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync("t", QualityOfService.AtLeastOnce);
        var client = await broker.ConnectAsync("c", ProtocolVersion.V311);
        var burst = Enumerable.Range(1, 100).SelectMany(i => Protocol.Codec.PacketEncoder.Encode(
            new PublishPacket { Topic = "t", QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)i, Payload = new byte[1] }, ProtocolVersion.V311));
        await client.SendAsync(burst.ToArray());

        for (ushort i = 1; i <= 100; i++) await client.ExpectAsync(PacketType.PubAck, i);
        await subscriber.ReceiveTextsAsync(100);
    }
}

using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sessions;

/// <summary>QoS 1 and 2 towards a persistent session, broken at every step and resumed.</summary>
public sealed class RedeliveryTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V311, QualityOfService.ExactlyOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.AtLeastOnce)]
    [InlineData(ProtocolVersion.V50, QualityOfService.ExactlyOnce)]
    public async Task Unacknowledged_messages_come_again_in_order_with_DUP_and_their_packet_identifiers_before_new_ones(ProtocolVersion version, QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, publisher) = (await ConnectSubscriberAsync(broker, version), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        for (var i = 0; i < 3; i++) await publisher.PublishAsync("t", $"{i}", qos);
        var first = new List<PublishPacket>();
        for (var i = 0; i < 3; i++) first.Add(await subscriber.ReceiveAsync<PublishPacket>());
        Assert.All(first, p => Assert.False(p.Duplicate));
        await broker.LoseAsync(subscriber, "s");
        await publisher.PublishAsync("t", "3", qos);

        subscriber = await ConnectSubscriberAsync(broker, version);

        Assert.True(subscriber.ConnAck!.SessionPresent);
        foreach (var expected in first)
        {
            var again = await subscriber.ReceiveAsync<PublishPacket>();
            Assert.Equal((expected.PacketId, true, expected.Text(), qos), (again.PacketId, again.Duplicate, again.Text(), again.QoS));
        }
        var fresh = await subscriber.ReceiveAsync<PublishPacket>();
        Assert.Equal(("3", false), (fresh.Text(), fresh.Duplicate));
        Assert.DoesNotContain(fresh.PacketId, first.Select(p => p.PacketId));
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_was_acknowledged_does_not_come_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, publisher) = (await ConnectSubscriberAsync(broker), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        for (var i = 0; i < 5; i++) await publisher.PublishAsync("t", $"{i}", QualityOfService.AtLeastOnce);
        var received = new List<PublishPacket>();
        for (var i = 0; i < 5; i++) received.Add(await subscriber.ReceiveAsync<PublishPacket>());
        foreach (var i in (int[])[3, 1]) await subscriber.AcknowledgeAsync(PacketType.PubAck, received[i].PacketId);
        await subscriber.ExpectNothingAsync();
        await broker.LoseAsync(subscriber, "s");

        subscriber = await ConnectSubscriberAsync(broker);

        Assert.Equal(["0", "2", "4"], await subscriber.ReceiveTextsAsync(3));
        await subscriber.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Broken_before_PUBREC_the_message_comes_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, sent) = await SendOneAsync(broker);
        await broker.LoseAsync(subscriber, "s");

        subscriber = await ConnectSubscriberAsync(broker);

        var again = await subscriber.ReceivePublishAsync();
        Assert.Equal((sent.PacketId, true), (again.PacketId, again.Duplicate));
        await subscriber.ExpectNothingAsync();
        await AssertDoneAsync(broker, subscriber);
    }

    [Fact]
    public async Task Broken_after_PUBREC_only_PUBREL_comes()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, sent) = await SendOneAsync(broker);
        await subscriber.AcknowledgeAsync(PacketType.PubRec, sent.PacketId);
        await subscriber.ExpectAsync(PacketType.PubRel, sent.PacketId);
        await broker.LoseAsync(subscriber, "s");

        for (var i = 0; i < 2; i++)
        {
            // It comes again for as long as no PUBCOMP has come.
            subscriber = await ConnectSubscriberAsync(broker);
            await subscriber.ExpectAsync(PacketType.PubRel, sent.PacketId);
            await subscriber.ExpectNothingAsync();
            if (i == 0) await broker.LoseAsync(subscriber, "s");
        }
        await subscriber.AcknowledgeAsync(PacketType.PubComp, sent.PacketId);
        await subscriber.ExpectNothingAsync();
        await AssertDoneAsync(broker, subscriber);
    }

    [Fact]
    public async Task Once_PUBREL_has_been_seen_the_message_never_comes_again_however_fast_the_client_returns()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, publisher) = (await ConnectSubscriberAsync(broker), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        const int Messages = 50;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < Messages; i++) await publisher.PublishAsync("t", $"{round}/{i}", QualityOfService.ExactlyOnce);
            var received = new List<ushort>();
            while (received.Count < Messages) received.Add((await subscriber.ReceiveAsync<PublishPacket>()).PacketId);
            foreach (var packetId in received) await subscriber.AcknowledgeAsync(PacketType.PubRec, packetId);
            for (var i = 0; i < Messages; i++) Assert.Equal(PacketType.PubRel, (await subscriber.ReceiveAsync<AcknowledgementPacket>()).Type);

            // Takes its own session over, with everything still under way at the broker.
            subscriber = await ConnectSubscriberAsync(broker);

            for (var i = 0; i < Messages; i++)
            {
                var release = await subscriber.ReceiveAsync<AcknowledgementPacket>();
                Assert.Equal(PacketType.PubRel, release.Type);
                await subscriber.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
            }
            await subscriber.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_repeated_PUBREC_is_answered_with_PUBREL_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, sent) = await SendOneAsync(broker);
        for (var i = 0; i < 2; i++)
        {
            await subscriber.AcknowledgeAsync(PacketType.PubRec, sent.PacketId);
            await subscriber.ExpectAsync(PacketType.PubRel, sent.PacketId);
        }
        await subscriber.AcknowledgeAsync(PacketType.PubComp, sent.PacketId);
        await AssertDoneAsync(broker, subscriber);
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    public async Task A_message_that_the_client_refuses_is_done(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, sent) = await SendOneAsync(broker, qos);
        await subscriber.AcknowledgeAsync(qos == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, sent.PacketId, ReasonCode.QuotaExceeded);
        await subscriber.ExpectNothingAsync();
        await AssertDoneAsync(broker, subscriber);
    }

    [Fact]
    public async Task An_acknowledgement_of_nothing_changes_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        var (subscriber, sent) = await SendOneAsync(broker);
        var other = (ushort)(sent.PacketId + 100);
        await subscriber.AcknowledgeAsync(PacketType.PubAck, other);
        await subscriber.AcknowledgeAsync(PacketType.PubAck, sent.PacketId);
        await subscriber.AcknowledgeAsync(PacketType.PubComp, sent.PacketId);
        await subscriber.AcknowledgeAsync(PacketType.PubRec, other);
        await subscriber.ExpectAsync(PacketType.PubRel, other, ReasonCode.PacketIdentifierNotFound);
        await broker.LoseAsync(subscriber, "s");

        subscriber = await ConnectSubscriberAsync(broker);

        Assert.Equal(sent.PacketId, (await subscriber.ReceivePublishAsync()).PacketId);
    }

    private static Task<TestClient> ConnectSubscriberAsync(TestBroker broker, ProtocolVersion version = ProtocolVersion.V50) =>
        broker.ConnectAsync("s", version, cleanStart: false, sessionExpiry: 1000);

    private static async Task<(TestClient Subscriber, PublishPacket Sent)> SendOneAsync(TestBroker broker, QualityOfService qos = QualityOfService.ExactlyOnce)
    {
        var (subscriber, publisher) = (await ConnectSubscriberAsync(broker), await broker.ConnectAsync("p"));
        await subscriber.SubscribeAsync("t");
        await publisher.PublishAsync("t", "m", qos);
        return (subscriber, await subscriber.ReceiveAsync<PublishPacket>());
    }

    private static async Task AssertDoneAsync(TestBroker broker, TestClient subscriber)
    {
        await broker.LoseAsync(subscriber, "s");
        subscriber = await ConnectSubscriberAsync(broker);
        await subscriber.ExpectNothingAsync();
        Assert.Equal((1, 1, 0), (broker.Metrics.Copies, broker.Metrics.Sent, broker.Metrics.Waiting));
    }
}

using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Sessions;

/// <summary>QoS 2 from a persistent session, broken at every step and resumed.</summary>
public sealed class InboundExactlyOnceTests
{
    [Theory]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task A_message_repeated_after_a_reconnect_is_published_once(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await ConnectPublisherAsync(broker, version);
        await publisher.SendAsync(Message(9));
        await publisher.ExpectAsync(PacketType.PubRec, 9);
        await broker.LoseAsync(publisher, "p");

        publisher = await ConnectPublisherAsync(broker, version);
        Assert.True(publisher.ConnAck!.SessionPresent);
        await publisher.SendAsync(Message(9, duplicate: true));
        await publisher.ExpectAsync(PacketType.PubRec, 9);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
        await publisher.ExpectAsync(PacketType.PubComp, 9);

        Assert.Equal("m", (await subscriber.ReceivePublishAsync()).Text());
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task PUBREL_on_the_next_connection_publishes_the_message_of_the_last()
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await ConnectPublisherAsync(broker);
        await publisher.SendAsync(Message(9));
        await publisher.ExpectAsync(PacketType.PubRec, 9);
        await subscriber.ExpectNothingAsync();
        await broker.LoseAsync(publisher, "p");

        publisher = await ConnectPublisherAsync(broker);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
        await publisher.ExpectAsync(PacketType.PubComp, 9);

        Assert.Equal("m", (await subscriber.ReceivePublishAsync()).Text());
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task PUBREL_repeated_after_PUBCOMP_publishes_nothing_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await ConnectPublisherAsync(broker);
        await publisher.SendAsync(Message(9));
        await publisher.ExpectAsync(PacketType.PubRec, 9);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
        await publisher.ExpectAsync(PacketType.PubComp, 9);
        await broker.LoseAsync(publisher, "p");

        publisher = await ConnectPublisherAsync(broker);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
        await publisher.ExpectAsync(PacketType.PubComp, 9, ReasonCode.PacketIdentifierNotFound);

        Assert.Equal("m", (await subscriber.ReceivePublishAsync()).Text());
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task An_identifier_may_carry_the_next_message_after_PUBCOMP()
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        foreach (var expiry in (uint[])[0, 1000])
        {
            var publisher = await broker.ConnectAsync("p", sessionExpiry: expiry);
            for (var i = 0; i < 3; i++)
            {
                await publisher.SendAsync(Message(9, $"{i}"));
                await publisher.ExpectAsync(PacketType.PubRec, 9);
                await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
                await publisher.ExpectAsync(PacketType.PubComp, 9);
                Assert.Equal($"{i}", (await subscriber.ReceivePublishAsync()).Text());
            }
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1000u)]
    public async Task A_repeat_within_the_connection_is_not_published_again(uint expiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", sessionExpiry: expiry);
        for (var i = 0; i < 3; i++)
        {
            await publisher.SendAsync(Message(9, duplicate: i > 0));
            await publisher.ExpectAsync(PacketType.PubRec, 9);
        }
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);
        await publisher.ExpectAsync(PacketType.PubComp, 9);

        Assert.Equal("m", (await subscriber.ReceivePublishAsync()).Text());
        await subscriber.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_clean_start_forgets_messages_that_were_not_released()
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await broker.ConnectAsync("s");
        await subscriber.SubscribeAsync("t");
        var publisher = await ConnectPublisherAsync(broker);
        await publisher.SendAsync(Message(9));
        await publisher.ExpectAsync(PacketType.PubRec, 9);
        await broker.LoseAsync(publisher, "p");

        publisher = await broker.ConnectAsync("p", sessionExpiry: 1000);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 9);

        await publisher.ExpectAsync(PacketType.PubComp, 9, ReasonCode.PacketIdentifierNotFound);
        await subscriber.ExpectNothingAsync();
    }

    private static Task<TestClient> ConnectPublisherAsync(TestBroker broker, ProtocolVersion version = ProtocolVersion.V50) =>
        broker.ConnectAsync("p", version, cleanStart: false, sessionExpiry: 1000);

    private static PublishPacket Message(ushort packetId, string text = "m", bool duplicate = false) =>
        new() { Topic = "t", Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.ExactlyOnce, PacketId = packetId, Duplicate = duplicate };
}

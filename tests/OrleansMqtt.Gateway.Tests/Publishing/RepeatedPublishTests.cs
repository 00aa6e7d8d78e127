using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Publishing;

/// <summary>One QoS 2 message of a persistent publisher on its way to a persistent subscriber twice.</summary>
public sealed class RepeatedPublishTests
{
    private readonly GatedStore _store = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_message_that_is_published_and_cannot_be_forgotten_arrives_once(bool acknowledgedBefore, bool shared)
    {
        await using var broker = await TestBroker.StartAsync(configure: _store.Install);
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync(shared ? "$share/g/t" : "t");
        await broker.LeaveAsync(subscriber, "s");
        var publisher = await ConnectPublisherAsync(broker);
        await publisher.SendAsync(new PublishPacket { Topic = "t", Payload = "once"u8.ToArray(), QoS = QualityOfService.ExactlyOnce, PacketId = 5 });
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        var failed = 0;
        _store.FailsUpdate = update => !update.Published.IsEmpty && failed++ == 0;
        var end = broker.EndOf("p");
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectDisconnectAsync(ReasonCode.UnspecifiedError);
        await end;
        Assert.Equal(1, failed);
        if (acknowledgedBefore)
        {
            subscriber = await ConnectSubscriberAsync(broker);
            Assert.Equal("once", await subscriber.ReceiveTextAsync());
            await subscriber.ExpectNothingAsync();
            await broker.LeaveAsync(subscriber, "s");
        }
        publisher = await ConnectPublisherAsync(broker);
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await publisher.ExpectAsync(PacketType.PubComp, 5);
        await publisher.PublishAsync("t", "end", QualityOfService.ExactlyOnce);

        subscriber = await ConnectSubscriberAsync(broker);
        Assert.Equal(acknowledgedBefore ? ["end"] : ["once", "end"], await subscriber.ReceiveTextsAsync(acknowledgedBefore ? 1 : 2));
        await subscriber.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData("t")]
    [InlineData("+")]
    public async Task A_retained_message_comes_live_and_again_with_a_new_subscription(string second)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscriber = await ConnectSubscriberAsync(broker);
        await subscriber.SubscribeAsync("t");
        var publisher = await ConnectPublisherAsync(broker);
        await publisher.PublishAsync("t", "value", QualityOfService.ExactlyOnce, retain: true);
        var live = await subscriber.ReceivePublishAsync();
        await subscriber.SubscribeAsync(second);
        var retained = await subscriber.ReceivePublishAsync();

        Assert.Equal(("value", false), (live.Text(), live.Retain));
        Assert.Equal(("value", true, QualityOfService.ExactlyOnce), (retained.Text(), retained.Retain, retained.QoS));
        await subscriber.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    private static Task<TestClient> ConnectPublisherAsync(TestBroker broker) => broker.ConnectAsync("p", cleanStart: false, sessionExpiry: 1000);

    private static Task<TestClient> ConnectSubscriberAsync(TestBroker broker) => broker.ConnectAsync("s", cleanStart: false, sessionExpiry: 1000);
}

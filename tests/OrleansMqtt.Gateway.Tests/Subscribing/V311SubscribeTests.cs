using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Subscribing;

public sealed class V311SubscribeTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-2.3.1-7")]
    [Normative("3.1.1", "MQTT-3.8.4-1")]
    [Normative("3.1.1", "MQTT-3.8.4-2")]
    [Normative("3.1.1", "MQTT-3.8.4-5")]
    [Normative("3.1.1", "MQTT-3.9.3-1")]
    public async Task SUBACK_has_the_identifier_and_a_code_for_each_filter_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        using var raw = new RawClient(broker);
        await raw.SendAsync(RawClient.Connect());
        await raw.ExpectAsync("20 02 00 00");

        await raw.SendAsync("82 13 ABCD 0001 61 02 0001 62 00 0002 632B 01 0001 64 01" + "82 06 ABCE 0001 65 01");

        await raw.ExpectAsync("90 06 ABCD 02 00 80 01" + "90 03 ABCE 01");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.8.4-3")]
    public async Task The_same_filter_again_replaces_the_subscription_and_sends_retained_messages_again(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "retained", AtLeastOnce, retain: true);
        var subscriber = await broker.ConnectV311Async("subscriber", cleanSession);

        foreach (var granted in (QualityOfService[])[AtMostOnce, AtLeastOnce, ExactlyOnce, AtLeastOnce, AtMostOnce])
        {
            await subscriber.SubscribeAsync("t", granted);
            Assert.True((await subscriber.ExpectPublishAsync("t", "retained")).Retain);
            await publisher.PublishAsync("t", $"granted {granted}", ExactlyOnce);
            Assert.Equal(granted, (await subscriber.ExpectPublishAsync("t", $"granted {granted}")).QoS);
            await subscriber.ExpectNothingAsync();
        }
        await subscriber.SendAsync(new UnsubscribePacket { PacketId = subscriber.NextPacketId(), Filters = ["t"] });
        await subscriber.ReceiveAsync<UnsubAckPacket>();
        await publisher.PublishAsync("t", "after", ExactlyOnce);
        await subscriber.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.8.4-3")]
    public async Task Nothing_is_missed_or_doubled_while_a_subscription_is_replaced(bool cleanSession)
    {
        const int messages = 300;
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        var subscriber = await broker.ConnectV311Async("subscriber", cleanSession);
        await subscriber.SubscribeAsync("t", AtLeastOnce);

        var publishing = PublishAsync();
        var (next, replaced) = (0, 0);
        while (next < messages)
        {
            // A SUBSCRIBE after every tenth message; the codes come between the messages.
            if (next % 10 == 0 && replaced == next / 10)
            {
                replaced++;
                var requested = replaced % 2 == 0 ? AtLeastOnce : ExactlyOnce;
                await subscriber.SendAsync(new SubscribePacket { PacketId = subscriber.NextPacketId(), Subscriptions = [new Subscription { Filter = "t", MaximumQoS = requested }] });
            }
            switch (await subscriber.ReceiveAsync())
            {
                case PublishPacket publish:
                    Assert.Equal($"{next++}", publish.Text());
                    await subscriber.AcknowledgeAsync(publish.QoS == AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, publish.PacketId);
                    break;
                case AcknowledgementPacket release:
                    await subscriber.AcknowledgeAsync(PacketType.PubComp, release.PacketId);
                    break;
                case SubAckPacket: break;
                case var unexpected: Assert.Fail($"{unexpected} has come."); break;
            }
        }
        await publishing;

        async Task PublishAsync()
        {
            for (var i = 0; i < messages; i++) await publisher.PublishAsync("t", $"{i}", ExactlyOnce);
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.8.4-4")]
    public async Task Several_filters_in_one_SUBSCRIBE_are_as_several_SUBSCRIBEs()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("a", "kept", ExactlyOnce, retain: true);
        var subscriber = await broker.ConnectV311Async("subscriber");

        var codes = await subscriber.SubscribeAsync(
            new Subscription { Filter = "a", MaximumQoS = AtMostOnce }, new Subscription { Filter = "b", MaximumQoS = ExactlyOnce }, new Subscription { Filter = "a", MaximumQoS = AtLeastOnce });

        Assert.Equal([ReasonCode.GrantedQos0, ReasonCode.GrantedQos2, ReasonCode.GrantedQos1], codes);
        Assert.Equal(AtMostOnce, (await subscriber.ExpectPublishAsync("a", "kept")).QoS);
        Assert.Equal(AtLeastOnce, (await subscriber.ExpectPublishAsync("a", "kept")).QoS);
        await publisher.PublishAsync("a", "live", ExactlyOnce);
        Assert.Equal(AtLeastOnce, (await subscriber.ExpectPublishAsync("a", "live")).QoS);
        await publisher.PublishAsync("b", "live", ExactlyOnce);
        Assert.Equal(ExactlyOnce, (await subscriber.ExpectPublishAsync("b", "live")).QoS);
        await subscriber.ExpectNothingAsync();
    }

    public static MatrixTheoryData<QualityOfService, QualityOfService> QosPairs => new(Enum.GetValues<QualityOfService>(), Enum.GetValues<QualityOfService>());

    [Theory]
    [MemberData(nameof(QosPairs))]
    [Normative("3.1.1", "MQTT-3.8.4-6")]
    public async Task A_message_comes_at_the_lower_of_its_own_and_the_granted_QoS(QualityOfService published, QualityOfService granted)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscribers = new[] { await broker.ConnectV311Async("clean"), await broker.ResumeV311Async("persistent") };
        foreach (var subscriber in subscribers) await subscriber.SubscribeAsync("t", granted);

        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "x", published);

        foreach (var subscriber in subscribers)
        {
            Assert.Equal(published < granted ? published : granted, (await subscriber.ExpectPublishAsync("t", "x")).QoS);
            await subscriber.ExpectNothingAsync();
        }
    }
}

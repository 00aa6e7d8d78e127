using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Protocol.Packets.QualityOfService;

namespace OrleansMqtt.Gateway.Tests.Retained;

public sealed class V311RetainedTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-3.3.1-5")]
    [Normative("3.1.1", "MQTT-3.3.1-6")]
    [Normative("3.1.1", "MQTT-3.3.1-8")]
    public async Task A_new_subscription_gets_the_last_retained_message_of_each_topic_at_its_QoS()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("a/1", "old", AtLeastOnce, retain: true);
        await publisher.PublishAsync("a/1", "one", AtLeastOnce, retain: true);
        await publisher.PublishAsync("a/2", "two", ExactlyOnce, retain: true);
        await publisher.PublishAsync("b", "other", ExactlyOnce, retain: true);
        var subscriber = await broker.ConnectV311Async("subscriber");
        for (var i = 0; i < 2; i++)
        {
            await subscriber.SubscribeAsync("a/+");

            var received = new[] { await subscriber.ReceivePublishAsync(), await subscriber.ReceivePublishAsync() }.OrderBy(p => p.Topic, StringComparer.Ordinal);

            Assert.Equal([("a/1", "one", AtLeastOnce, true), ("a/2", "two", ExactlyOnce, true)], received.Select(p => (p.Topic, p.Text(), p.QoS, p.Retain)));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.3.1-5")]
    [Normative("3.1.1", "MQTT-3.3.1-8")]
    public async Task A_retained_message_comes_at_the_granted_QoS_with_RETAIN_to_either_kind_of_session(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "kept", ExactlyOnce, retain: true);
        var subscriber = await broker.ConnectV311Async("subscriber", cleanSession);
        foreach (var granted in (QualityOfService[])[AtMostOnce, AtLeastOnce, ExactlyOnce])
        {
            await subscriber.SubscribeAsync("t", granted);

            var received = await subscriber.ExpectPublishAsync("t", "kept");

            Assert.Equal((granted, true, false), (received.QoS, received.Retain, received.Duplicate));
        }
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.1-7")]
    public async Task A_retained_message_of_QoS_0_replaces_the_one_before()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "old", AtLeastOnce, retain: true);

        await publisher.PublishAsync("t", "new", AtMostOnce, retain: true);
        await SettleAsync(publisher);

        var subscriber = await broker.ConnectV311Async("subscriber");
        await subscriber.SubscribeAsync("t");
        var received = await subscriber.ExpectPublishAsync("t", "new");
        Assert.Equal((AtMostOnce, true), (received.QoS, received.Retain));
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    [Normative("3.1.1", "MQTT-3.3.1-9")]
    public async Task An_established_subscription_gets_a_retained_publish_without_RETAIN(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var subscribers = new[] { await broker.ConnectV311Async("clean"), await broker.ResumeV311Async("persistent") };
        foreach (var subscriber in subscribers) await subscriber.SubscribeAsync("t");

        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "live", qos, retain: true);

        foreach (var subscriber in subscribers)
        {
            var received = await subscriber.ExpectPublishAsync("t", "live");
            Assert.Equal((qos, false), (received.QoS, received.Retain));
        }
    }

    [Theory]
    [InlineData(AtMostOnce)]
    [InlineData(AtLeastOnce)]
    [Normative("3.1.1", "MQTT-3.3.1-10")]
    public async Task An_empty_retained_message_is_delivered_and_removes_what_was_retained(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "old", AtLeastOnce, retain: true);
        var live = await broker.ConnectV311Async("live");
        await live.SubscribeAsync("t");
        await live.ExpectPublishAsync("t", "old");

        await publisher.PublishAsync("t", "", qos, retain: true);
        await SettleAsync(publisher);

        Assert.False((await live.ExpectPublishAsync("t", "")).Retain);
        await broker.ExpectNoRetainedAsync("t");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.3.1-11")]
    public async Task An_empty_message_is_not_retained()
    {
        await using var broker = await TestBroker.StartAsync();

        await (await broker.ConnectV311Async("publisher")).PublishAsync("t", "", AtLeastOnce, retain: true);

        Assert.Equal(0, broker.Metrics.Retained);
        await broker.ExpectNoRetainedAsync("t");
    }

    [Theory]
    [InlineData("w")]
    [InlineData("")]
    [Normative("3.1.1", "MQTT-3.3.1-12")]
    public async Task A_message_without_RETAIN_neither_is_kept_nor_touches_what_is(string payload)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.PublishAsync("t", "kept", AtLeastOnce, retain: true);

        await publisher.PublishAsync("t", payload, AtLeastOnce);
        await publisher.PublishAsync("fresh", payload, AtLeastOnce);

        var subscriber = await broker.ConnectV311Async("subscriber");
        await subscriber.SubscribeAsync("t");
        await subscriber.ExpectPublishAsync("t", "kept");
        await broker.ExpectNoRetainedAsync("fresh");
    }

    // An acknowledgement waits for everything that its publisher sent before it.
    private static async Task SettleAsync(TestClient publisher) => await publisher.PublishAsync("settled", "", AtLeastOnce);
}

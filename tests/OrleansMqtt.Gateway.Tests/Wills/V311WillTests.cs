using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;
using static OrleansMqtt.Gateway.Tests.Harness.V311Extensions;

namespace OrleansMqtt.Gateway.Tests.Wills;

public sealed class V311WillTests
{
    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    [InlineData(QualityOfService.ExactlyOnce)]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    public async Task The_will_of_a_lost_client_is_published_once_at_its_QoS(QualityOfService qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectV311Async("client", will: Will("will", "lost", qos));

        client.Abort();

        Assert.Equal(qos, (await observer.ExpectPublishAsync("will", "lost")).QoS);
        await observer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    public async Task The_will_is_still_there_when_the_client_was_quiet_for_hours(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectV311Async("client", cleanSession, Will("will", "lost"));
        await client.ExpectNothingAsync();
        broker.Time.Advance(TimeSpan.FromHours(3));
        await client.ExpectNothingAsync();

        client.Abort();

        await observer.ExpectPublishAsync("will", "lost");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.1.2-10")]
    [Normative("3.1.1", "MQTT-3.14.4-3")]
    public async Task DISCONNECT_removes_the_will_for_good(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await (await broker.ConnectV311Async("client", cleanSession, Will("will", "never"))).DisconnectAsync();

        await LoseAsync(broker, await broker.ConnectV311Async("client", cleanSession));

        await ExpectOnlyBarrierAsync(observer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Normative("3.1.1", "MQTT-3.1.2-10")]
    public async Task A_will_that_was_published_is_not_published_again(bool cleanSession)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        (await broker.ConnectV311Async("client", cleanSession, Will("will", "once"))).Abort();
        await observer.ExpectPublishAsync("will", "once");

        await LoseAsync(broker, await broker.ConnectV311Async("client", cleanSession));

        await ExpectOnlyBarrierAsync(observer);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-12")]
    public async Task A_lost_client_without_will_leaves_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);

        await LoseAsync(broker, await broker.ConnectV311Async("client"));

        await ExpectOnlyBarrierAsync(observer);
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-16")]
    public async Task A_will_without_retain_is_not_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        (await broker.ConnectV311Async("client", will: Will("will", "passing", QualityOfService.AtLeastOnce))).Abort();

        Assert.False((await observer.ExpectPublishAsync("will", "passing")).Retain);

        await PublishBarrierAsync(broker, observer);
        await broker.ExpectNoRetainedAsync("will");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-17")]
    public async Task A_will_with_retain_is_published_as_a_retained_message()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        (await broker.ConnectV311Async("client", will: Will("will", "kept", QualityOfService.AtLeastOnce, retain: true))).Abort();

        Assert.False((await observer.ExpectPublishAsync("will", "kept")).Retain);

        await PublishBarrierAsync(broker, observer);
        var later = await broker.ConnectV311Async("later");
        await later.SubscribeAsync("will");
        Assert.True((await later.ExpectPublishAsync("will", "kept")).Retain);
    }

    private static async Task<TestClient> ObserveAsync(TestBroker broker)
    {
        var observer = await broker.ConnectV311Async("observer");
        await observer.SubscribeAsync("#");
        return observer;
    }

    // Loses a client, and another one with a will behind it: when that will has come, so would have the first one's.
    private static async Task LoseAsync(TestBroker broker, TestClient client)
    {
        client.Abort();
        await (await broker.ConnectV311Async("client")).DisconnectAsync();
        (await broker.ConnectV311Async("barrier", will: Will("barrier", ""))).Abort();
    }

    private static async Task ExpectOnlyBarrierAsync(TestClient observer)
    {
        await observer.ExpectPublishAsync("barrier", "");
        await observer.ExpectNothingAsync();
    }

    // Wills go one after another: when this one has come, the former has been dealt with to the end.
    private static async Task PublishBarrierAsync(TestBroker broker, TestClient observer)
    {
        (await broker.ConnectV311Async("barrier", will: Will("barrier", ""))).Abort();
        await observer.ExpectPublishAsync("barrier", "");
    }
}

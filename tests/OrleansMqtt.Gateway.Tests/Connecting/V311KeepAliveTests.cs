using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Connecting;

public sealed class V311KeepAliveTests
{
    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-24")]
    [Normative("3.1.1", "MQTT-3.1.2-8")]
    public async Task A_silent_client_is_closed_after_one_and_a_half_keep_alives_and_not_before()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, silent) = await ConnectAsync(broker, keepAlive: 10);

        broker.Time.Advance(TimeSpan.FromSeconds(14.9));
        await AssertServedAsync(publisher, silent);

        broker.Time.Advance(TimeSpan.FromSeconds(0.1));
        await silent.ExpectClosedAsync();
        await publisher.ExpectPublishAsync("will", "silent");
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-24")]
    public async Task Any_packet_begins_the_time_anew_whenever_in_a_second_it_comes()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, silent) = await ConnectAsync(broker, keepAlive: 10);

        broker.Time.Advance(TimeSpan.FromSeconds(9.9));
        await silent.ExpectNothingAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(14.9));
        await AssertServedAsync(publisher, silent);
        await silent.SubscribeAsync("other");
        await silent.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(14.9));
        await AssertServedAsync(publisher, silent);

        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await silent.ExpectClosedAsync();
    }

    [Fact]
    [Normative("3.1.1", "MQTT-3.1.2-24")]
    public async Task A_keep_alive_of_0_never_ends_a_connection()
    {
        await using var broker = await TestBroker.StartAsync();
        var (publisher, silent) = await ConnectAsync(broker, keepAlive: 0);

        broker.Time.Advance(TimeSpan.FromDays(1));

        await AssertServedAsync(publisher, silent);
    }

    private static async Task<(TestClient Publisher, TestClient Silent)> ConnectAsync(TestBroker broker, ushort keepAlive)
    {
        var publisher = await broker.ConnectV311Async("publisher");
        await publisher.SubscribeAsync("will");
        var silent = await broker.ConnectV311Async("silent", will: V311Extensions.Will("will", "silent"), keepAlive: keepAlive);
        await silent.SubscribeAsync("t");
        await silent.SettledAsync();
        return (publisher, silent);
    }

    // At QoS 0 the client itself sends nothing.
    private static async Task AssertServedAsync(TestClient publisher, TestClient silent)
    {
        await publisher.PublishAsync("t", "still there");
        await silent.ExpectPublishAsync("t", "still there");
    }
}

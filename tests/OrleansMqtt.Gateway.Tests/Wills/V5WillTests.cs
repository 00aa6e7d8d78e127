using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Wills;

public sealed class V5WillTests
{
    private static Will Gone(uint delay = 0, bool retain = false) => new() { Topic = "will", Payload = "gone"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, DelayInterval = delay, Retain = retain };

    private static async Task<TestClient> ObserveAsync(TestBroker broker)
    {
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync(new Subscription { Filter = "will", MaximumQoS = QualityOfService.ExactlyOnce, RetainAsPublished = true });
        return observer;
    }

    // Whatever a router grain was to publish before it has been published when this one arrives: wills go through one grain, in order.
    private static async Task ExpectNoWillAsync(TestBroker broker, TestClient observer)
    {
        var marker = await broker.ConnectAsync("marker", will: new Will { Topic = "will", Payload = "marker"u8.ToArray() });
        marker.Abort();
        Assert.Equal("marker", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-7")]
    [Normative("5.0", "MQTT-3.1.2-8")]
    [Normative("5.0", "MQTT-3.1.2-14")]
    public async Task A_lost_client_is_announced_by_its_will_which_is_not_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", will: Gone());

        client.Abort();

        var will = await observer.ReceivePublishAsync();
        Assert.Equal(("will", "gone", QualityOfService.AtLeastOnce, false), (will.Topic, will.Text(), will.QoS, will.Retain));
        var late = await broker.ConnectAsync("late");
        await late.SubscribeAsync("will");
        await late.PublishAsync("will", "live");
        Assert.Equal("live", await late.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-15")]
    public async Task A_retained_will_is_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", will: Gone(retain: true));

        client.Abort();

        Assert.True((await observer.ReceivePublishAsync()).Retain);
        // No packet tells when the will has been stored: clients subscribe until one gets it before a live message that shows the end of the round.
        PublishPacket? kept = null;
        for (var round = 0; kept is null && round < 10_000; round++)
        {
            var late = await broker.ConnectAsync($"late {round}");
            await late.SubscribeAsync("will");
            await late.PublishAsync("will", "live");
            var received = await late.ReceivePublishAsync();
            if (received.Text() != "live") kept = received;
        }
        Assert.Equal(("gone", true), (kept?.Text(), kept?.Retain));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(5u)]
    [Normative("5.0", "MQTT-3.14.4-3")]
    [Normative("5.0", "MQTT-3.1.2-8")]
    [Normative("5.0", "MQTT-3.1.2-10")]
    public async Task A_normal_goodbye_discards_the_will_for_good(uint delay)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60, will: Gone(delay));
        await broker.LeaveAsync(client, "client");

        // Not the discarded will, but that of the next connection, which has none, could come now.
        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        await broker.LoseAsync(client, "client");
        broker.Time.Advance(TimeSpan.FromSeconds(70));

        await ExpectNoWillAsync(broker, observer);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-8")]
    [Normative("5.0", "MQTT-3.14.4-3")]
    public async Task A_goodbye_that_asks_for_the_will_publishes_it()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", will: Gone());

        await client.DisconnectAsync(ReasonCode.DisconnectWithWill);

        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-10")]
    public async Task A_published_will_is_not_published_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60, will: Gone());
        await broker.LoseAsync(client, "client");
        Assert.Equal("gone", await observer.ReceiveTextAsync());

        client = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        await broker.LoseAsync(client, "client");
        broker.Time.Advance(TimeSpan.FromSeconds(70));

        await ExpectNoWillAsync(broker, observer);
    }

    [Theory]
    [InlineData(10u, 60u, 10)]
    [InlineData(60u, 10u, 10)]
    [Normative("5.0", "MQTT-3.1.2-8")]
    public async Task A_delayed_will_comes_after_its_delay_or_with_the_end_of_the_session(uint delay, uint expiry, int due)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", sessionExpiry: expiry, will: Gone(delay));
        await broker.LoseAsync(client, "client");

        broker.Time.Advance(TimeSpan.FromSeconds(due - 1));
        await ExpectNoWillAsync(broker, observer);
        broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-9")]
    [Normative("5.0", "MQTT-3.1.2-8")]
    public async Task A_client_back_within_the_delay_keeps_its_will_from_being_sent()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60, will: Gone(30));
        await broker.LoseAsync(client, "client");
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        broker.Time.Advance(TimeSpan.FromSeconds(100));

        await ExpectNoWillAsync(broker, observer);
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-8")]
    public async Task A_clean_start_ends_the_session_and_so_brings_its_delayed_will_forward()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60, will: Gone(30));
        await broker.LoseAsync(client, "client");

        await broker.ConnectAsync("client");

        Assert.Equal("gone", await observer.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-10")]
    [Normative("5.0", "MQTT-3.1.3-1")]
    public async Task A_will_carries_its_user_properties_in_their_order()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("client", will: new Will
        {
            Topic = "will",
            Payload = "gone"u8.ToArray(),
            ForwardedProperties = "\u0026\0\u0001a\0\u00011\u0026\0\u0001b\0\u00012\u0026\0\u0001a\0\u00013"u8.ToArray(),
        });

        client.Abort();

        var will = await observer.ReceivePublishAsync();
        Assert.Equal([new UserProperty("a", "1"), new UserProperty("b", "2"), new UserProperty("a", "3")], will.UserProperties);
    }
}

using System.Text;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Wills;

public sealed class WillTests
{
    [Theory]
    [InlineData(ProtocolVersion.V31)]
    [InlineData(ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V50)]
    public async Task A_lost_connection_publishes_the_will(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", version, will: WillOf("gone"));
        client.Abort();

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
        await observer.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(ProtocolVersion.V31, 0u)]
    [InlineData(ProtocolVersion.V311, 0u)]
    [InlineData(ProtocolVersion.V50, 0u)]
    [InlineData(ProtocolVersion.V50, 1000u)]
    public async Task A_goodbye_discards_the_will(ProtocolVersion version, uint expiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", version, sessionExpiry: expiry, will: WillOf("gone", delay: expiry == 0 ? 0u : 5));
        await broker.LeaveAsync(client, "c");
        broker.Time.Advance(TimeSpan.FromSeconds(2000));

        await AssertNoWillAsync(broker, observer);
    }

    [Fact]
    public async Task A_client_that_sees_its_connection_closed_after_DISCONNECT_and_returns_at_once_has_no_will_published()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        for (var i = 0; i < 100; i++)
        {
            var client = await broker.ConnectAsync("c", will: WillOf($"gone {i}"));
            await client.SendAsync(new DisconnectPacket());
            await client.ExpectClosedAsync();
        }

        await AssertNoWillAsync(broker, observer);
    }

    [Theory]
    [InlineData(ReasonCode.DisconnectWithWill)]
    [InlineData(ReasonCode.UnspecifiedError)]
    public async Task A_DISCONNECT_with_another_reason_publishes_the_will(ReasonCode reason)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", will: WillOf("gone"));
        await client.DisconnectAsync(reason);

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task A_protocol_error_publishes_the_will()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", will: WillOf("gone"));
        await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c" });
        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task A_keep_alive_time_out_publishes_the_will()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", KeepAlive = 10, Will = WillOf("gone") });
        await client.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1000u)]
    public async Task The_will_carries_all_its_properties(uint sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var properties = MessageProperties.Encode(true, "text/plain", "answers", new byte[] { 1, 2, 3 }, [new("b", "1"), new("a", "2"), new("b", "1")]);
        var will = new Will { Topic = "will", Payload = "gone"u8.ToArray(), QoS = QualityOfService.ExactlyOnce, MessageExpiryInterval = 50, ForwardedProperties = properties };
        var client = await broker.ConnectAsync("c", sessionExpiry: sessionExpiry, will: will);
        client.Abort();

        var published = await observer.ReceivePublishAsync();
        Assert.Equal((QualityOfService.ExactlyOnce, "text/plain", "answers", 50u, true), (published.QoS, published.ContentType, published.ResponseTopic, published.MessageExpiryInterval, published.PayloadFormatIndicator));
        Assert.Equal([1, 2, 3], published.CorrelationData!.Value.ToArray());
        Assert.Equal([new("b", "1"), new("a", "2"), new("b", "1")], published.UserProperties);
    }

    [Fact]
    public async Task A_retained_will_is_there_for_later_subscribers()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", will: new Will { Topic = "will", Payload = "gone"u8.ToArray(), Retain = true });
        client.Abort();
        Assert.False((await observer.ReceivePublishAsync()).Retain);

        // The topic's retained messages are written in order with what follows on the same topic.
        var late = await broker.ConnectAsync("late");
        await late.PublishAsync("will/barrier", "", QualityOfService.AtLeastOnce, retain: true);
        await late.SubscribeAsync("will");

        var retained = await late.ReceivePublishAsync();
        Assert.Equal(("gone", true), (retained.Text(), retained.Retain));
    }

    [Fact]
    public async Task A_client_gets_no_will_of_its_own_past_connection_under_No_Local()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone"));
        await client.SubscribeAsync(new Subscription { Filter = "will", MaximumQoS = QualityOfService.AtLeastOnce, NoLocal = true });
        await broker.LoseAsync(client, "c");
        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());

        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        await client.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_client_gets_the_will_of_its_own_past_connection_where_it_has_subscribed_to_it()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone"));
        await client.SubscribeAsync("will");
        await broker.LoseAsync(client, "c");

        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);

        Assert.Equal("gone", (await client.ReceivePublishAsync()).Text());
    }

    internal static Will WillOf(string text, uint delay = 0) =>
        new() { Topic = "will", Payload = Encoding.UTF8.GetBytes(text), QoS = QualityOfService.AtLeastOnce, DelayInterval = delay };

    internal static async Task<TestClient> ObserveAsync(TestBroker broker)
    {
        var observer = await broker.ConnectAsync("observer");
        await observer.SubscribeAsync("will");
        return observer;
    }

    // A will goes out through a router grain; one of another client comes behind all that were under way.
    internal static async Task AssertNoWillAsync(TestBroker broker, TestClient observer)
    {
        (await broker.ConnectAsync("barrier", will: WillOf("barrier"))).Abort();
        Assert.Equal("barrier", (await observer.ReceivePublishAsync()).Text());
        await observer.ExpectNothingAsync();
    }
}

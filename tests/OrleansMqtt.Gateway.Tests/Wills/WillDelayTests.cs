using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Gateway.Tests.Wills.WillTests;

namespace OrleansMqtt.Gateway.Tests.Wills;

public sealed class WillDelayTests
{
    [Fact]
    public async Task The_will_waits_for_its_delay()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone", delay: 30)), "c");
        broker.Time.Advance(TimeSpan.FromSeconds(29));
        await AssertNoWillAsync(broker, observer);

        broker.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
        broker.Time.Advance(TimeSpan.FromSeconds(100));
        await AssertNoWillAsync(broker, observer);
    }

    [Fact]
    public async Task The_will_does_not_wait_beyond_the_sessions_end()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 10, will: WillOf("gone", delay: 1000)), "c");
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
        broker.Time.Advance(TimeSpan.FromSeconds(1000));
        await AssertNoWillAsync(broker, observer);
    }

    [Fact]
    public async Task Without_a_session_that_goes_on_the_will_does_not_wait()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        (await broker.ConnectAsync("c", sessionExpiry: 0, will: WillOf("gone", delay: 1000))).Abort();

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task Returning_in_time_cancels_the_will()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone", delay: 30)), "c");
        broker.Time.Advance(TimeSpan.FromSeconds(29));
        await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        broker.Time.Advance(TimeSpan.FromSeconds(30));

        await AssertNoWillAsync(broker, observer);
    }

    [Fact]
    public async Task Returning_with_a_clean_start_ends_the_session_and_so_publishes_the_will()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone", delay: 30)), "c");

        await broker.ConnectAsync("c", cleanStart: true, sessionExpiry: 1000);

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task The_next_connections_will_is_the_one_that_counts()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("first", delay: 30)), "c");
        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000, will: WillOf("second", delay: 40));
        await broker.LoseAsync(client, "c");
        broker.Time.Advance(TimeSpan.FromSeconds(35));
        await AssertNoWillAsync(broker, observer);
        broker.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("second", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task DISCONNECT_with_will_waits_for_the_delay_too()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000, will: WillOf("gone", delay: 30));
        await broker.LeaveAsync(client, "c", new DisconnectPacket { ReasonCode = ReasonCode.DisconnectWithWill });
        await AssertNoWillAsync(broker, observer);
        broker.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
    }

    [Fact]
    public async Task The_message_expiry_of_a_delayed_will_counts_from_its_publication()
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var will = new Will { Topic = "will", Payload = "gone"u8.ToArray(), DelayInterval = 30, MessageExpiryInterval = 20 };
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 1000, will: will), "c");
        broker.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(20u, (await observer.ReceivePublishAsync()).MessageExpiryInterval);
    }
}

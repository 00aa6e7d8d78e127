using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class SessionExpiryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    public async Task A_session_without_expiry_ends_with_its_connection(uint? expiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: expiry);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");

        client = await broker.ConnectAsync("c", cleanStart: false);

        Assert.False(client.ConnAck!.SessionPresent);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public async Task A_session_lasts_as_many_seconds_as_its_expiry_says(int away, bool present)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 60);
        await client.SubscribeAsync("t");
        await broker.LoseAsync(client, "c");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", "while away", QualityOfService.AtLeastOnce);
        broker.Time.Advance(TimeSpan.FromSeconds(away));

        client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 60);

        Assert.Equal(present, client.ConnAck!.SessionPresent);
        if (present) Assert.Equal("while away", (await client.ReceivePublishAsync()).Text());
        await client.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task The_expiry_counts_from_the_latest_connections_end()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 10), "c");
        broker.Time.Advance(TimeSpan.FromSeconds(9));
        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 10);
        // The first deadline passes while the client is connected.
        broker.Time.Advance(TimeSpan.FromSeconds(5));
        await broker.LoseAsync(client, "c");
        broker.Time.Advance(TimeSpan.FromSeconds(9));

        Assert.True((await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 10)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task A_session_that_never_expires_is_there_after_150_years()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: uint.MaxValue), "c");
        // Beyond the longest interval that does expire (136 years).
        broker.Time.Leap(TimeSpan.FromDays(365 * 150));

        Assert.True((await broker.ConnectAsync("c", cleanStart: false)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task A_3_1_1_session_that_is_not_clean_never_expires()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.LoseAsync(await broker.ConnectAsync("c", ProtocolVersion.V311, cleanStart: false), "c");
        broker.Time.Leap(TimeSpan.FromDays(3650));

        Assert.True((await broker.ConnectAsync("c", ProtocolVersion.V311, cleanStart: false)).ConnAck!.SessionPresent);
    }

    [Theory]
    [InlineData(0u, 1, false)]
    [InlineData(5u, 6, false)]
    [InlineData(500u, 300, true)]
    public async Task DISCONNECT_changes_the_expiry(uint changed, int away, bool present)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);
        await broker.LeaveAsync(client, "c", new DisconnectPacket { SessionExpiryInterval = changed });
        broker.Time.Advance(TimeSpan.FromSeconds(away));

        Assert.Equal(present, (await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task A_client_that_sees_its_connection_closed_after_DISCONNECT_may_rely_on_the_expiry_it_set()
    {
        await using var broker = await TestBroker.StartAsync();
        for (var i = 0; i < 100; i++)
        {
            var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 100);
            Assert.False(client.ConnAck!.SessionPresent);
            await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 0 });
            await client.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task DISCONNECT_must_not_set_an_expiry_that_was_zero()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 0);
        await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 10 });

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task A_reconnect_with_expiry_zero_keeps_the_session_until_that_connection_ends()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.LoseAsync(await broker.ConnectAsync("c", sessionExpiry: 100), "c");
        var client = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 0);
        Assert.True(client.ConnAck!.SessionPresent);
        await broker.LoseAsync(client, "c");

        Assert.False((await broker.ConnectAsync("c", cleanStart: false)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task The_server_cuts_an_expiry_over_its_limit_and_says_so()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxSessionExpirySeconds = 30 } });
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        Assert.Equal(30u, client.ConnAck!.SessionExpiryInterval);
        await broker.LoseAsync(client, "c");
        broker.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.False((await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000)).ConnAck!.SessionPresent);
    }

    [Fact]
    public async Task What_waits_for_a_session_that_expires_is_dropped_and_its_routes_end()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 60);
        await client.SubscribeAsync(new Subscription { Filter = "t", MaximumQoS = QualityOfService.AtLeastOnce }, new Subscription { Filter = "other" });
        await broker.LoseAsync(client, "c");
        var publisher = await broker.ConnectAsync("p");
        for (var i = 0; i < 3; i++) Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
        Assert.Equal((3, 0), (broker.Metrics.Waiting, broker.Metrics.TotalDropped));
        broker.Time.Advance(TimeSpan.FromSeconds(60));
        // The session's grain answers once it has ended the session.
        Assert.False((await broker.ConnectAsync("c", cleanStart: false)).ConnAck!.SessionPresent);

        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
        Assert.Equal((0, 3), (broker.Metrics.Waiting, broker.Metrics.Dropped(Diagnostics.DropReason.SessionEnded)));
        broker.AssertAccounts();
    }
}

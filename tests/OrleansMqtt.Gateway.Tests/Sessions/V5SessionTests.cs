using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Sessions;

public sealed class V5SessionTests
{
    private static Task<TestClient> ResumeAsync(TestBroker broker, string clientId = "client", uint? expiry = 3600) =>
        broker.ConnectAsync(clientId, cleanStart: false, sessionExpiry: expiry);

    // A session with a subscription to "a" and one message waiting.
    private static async Task<TestClient> LeaveMessageAsync(TestBroker broker, uint expiry = 3600)
    {
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: expiry);
        await client.SubscribeAsync("a");
        await broker.LoseAsync(client, "client");
        await publisher.PublishAsync("a", "waiting", QualityOfService.AtLeastOnce);
        return publisher;
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-4")]
    [Normative("5.0", "MQTT-3.1.4-4")]
    [Normative("5.0", "MQTT-3.2.2-2")]
    public async Task A_clean_start_discards_the_session()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await LeaveMessageAsync(broker);

        var client = await broker.ConnectAsync("client", cleanStart: true, sessionExpiry: 3600);

        Assert.False(client.ConnAck!.SessionPresent);
        await publisher.PublishAsync("a", "to the old subscription", QualityOfService.AtLeastOnce);
        await client.SubscribeAsync("b");
        await publisher.PublishAsync("b", "new", QualityOfService.AtLeastOnce);
        Assert.Equal("new", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-5")]
    [Normative("5.0", "MQTT-3.1.4-4")]
    [Normative("5.0", "MQTT-3.2.2-3")]
    [Normative("5.0", "MQTT-4.5.0-1")]
    public async Task A_session_that_exists_goes_on()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await LeaveMessageAsync(broker);

        var client = await ResumeAsync(broker);

        Assert.True(client.ConnAck!.SessionPresent);
        Assert.Equal("waiting", await client.ReceiveTextAsync());
        await publisher.PublishAsync("a", "live", QualityOfService.AtMostOnce);
        Assert.Equal("live", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.2-6")]
    [Normative("5.0", "MQTT-3.2.2-3")]
    public async Task A_session_that_does_not_exist_is_made()
    {
        await using var broker = await TestBroker.StartAsync();

        var client = await ResumeAsync(broker);

        Assert.False(client.ConnAck!.SessionPresent);
        await client.SubscribeAsync("a");
        await client.PublishAsync("a", "x");
        Assert.Equal("x", await client.ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.2.2-3")]
    public async Task A_session_without_subscriptions_is_present_too()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.LeaveAsync(await broker.ConnectAsync("client", sessionExpiry: 60), "client");

        Assert.True((await ResumeAsync(broker)).ConnAck!.SessionPresent);
    }

    [Theory]
    [InlineData(30u, 29, true)]
    [InlineData(30u, 30, false)]
    [InlineData(uint.MaxValue, 864_000, true)]
    [Normative("5.0", "MQTT-3.1.2-23")]
    [Normative("5.0", "MQTT-4.1.0-2")]
    public async Task A_session_is_kept_until_its_expiry(uint expiry, int away, bool kept)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await LeaveMessageAsync(broker, expiry);

        broker.Time.Advance(TimeSpan.FromSeconds(away));

        var client = await ResumeAsync(broker);
        Assert.Equal(kept, client.ConnAck!.SessionPresent);
        if (kept) Assert.Equal("waiting", await client.ReceiveTextAsync());
        else Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
        // Nothing else comes.
        await client.SubscribeAsync("marker");
        await publisher.PublishAsync("marker", "marker", QualityOfService.AtLeastOnce);
        Assert.Equal("marker", await client.ReceiveTextAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0u)]
    [Normative("5.0", "MQTT-3.1.2-23")]
    [Normative("5.0", "MQTT-4.1.0-2")]
    public async Task A_session_without_expiry_ends_with_its_connection(uint? expiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: expiry);
        await client.SubscribeAsync("a");
        await broker.LoseAsync(client, "client");

        Assert.False((await ResumeAsync(broker)).ConnAck!.SessionPresent);
    }

    [Theory]
    [InlineData(0u, 0, false)]
    [InlineData(10u, 9, true)]
    [InlineData(10u, 10, false)]
    [Normative("5.0", "MQTT-4.1.0-2")]
    [Normative("5.0", "MQTT-3.1.2-23")]
    public async Task The_expiry_in_disconnect_takes_the_place_of_that_in_connect(uint expiry, int away, bool kept)
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("client", sessionExpiry: 3600);
        await broker.LeaveAsync(client, "client", new DisconnectPacket { SessionExpiryInterval = expiry });

        broker.Time.Advance(TimeSpan.FromSeconds(away));

        Assert.Equal(kept, (await ResumeAsync(broker)).ConnAck!.SessionPresent);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.1.0-1")]
    public async Task A_session_does_not_expire_while_its_client_is_connected()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        var client = await broker.ConnectAsync("client", sessionExpiry: 1);
        await client.SubscribeAsync("a");
        await publisher.PublishAsync("a", "in flight", QualityOfService.AtLeastOnce);
        var inflight = await client.ReceiveAsync<PublishPacket>();

        broker.Time.Advance(TimeSpan.FromHours(10));

        await publisher.PublishAsync("a", "later", QualityOfService.AtLeastOnce);
        Assert.Equal("later", (await client.ReceiveAsync<PublishPacket>()).Text());
        await broker.LoseAsync(client, "client");
        client = await ResumeAsync(broker);
        Assert.True(client.ConnAck!.SessionPresent);
        var again = await client.ReceivePublishAsync();
        Assert.Equal((inflight.PacketId, true), (again.PacketId, again.Duplicate));
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.3-2")]
    public async Task Each_client_identifier_has_a_session_of_its_own()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("publisher");
        foreach (var name in (string[])["client", "Client", "client "])
        {
            var client = await broker.ConnectAsync(name, sessionExpiry: 60);
            Assert.False(client.ConnAck!.SessionPresent);
            await client.SubscribeAsync($"to/{name}");
            await broker.LeaveAsync(client, name);
        }
        foreach (var name in (string[])["client", "Client", "client "])
            await publisher.PublishAsync($"to/{name}", name, QualityOfService.AtLeastOnce);

        foreach (var name in (string[])["client ", "Client", "client"])
            Assert.Equal(name, await (await ResumeAsync(broker, name)).ReceiveTextAsync());
    }

    [Fact]
    [Normative("5.0", "MQTT-3.1.4-3")]
    public async Task A_second_connection_takes_the_session_over()
    {
        await using var broker = await TestBroker.StartAsync();
        var first = await broker.ConnectAsync("client", sessionExpiry: 60);
        await first.SubscribeAsync("a");

        var second = await ResumeAsync(broker);

        await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        Assert.True(second.ConnAck!.SessionPresent);
        // By another client: what one publishes to itself may come before its acknowledgement.
        await (await broker.ConnectAsync("publisher")).PublishAsync("a", "x", QualityOfService.AtLeastOnce);
        Assert.Equal("x", await second.ReceiveTextAsync());
    }
}

using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Events;

public sealed class ClientEventTests
{
    [Fact]
    public async Task A_client_is_told_of_from_connack_to_disconnect()
    {
        var told = new Told();
        await using var broker = await TestBroker.StartAsync(configure: told.Add, options: new GatewayOptions { Name = "here", SysInterval = TimeSpan.Zero });
        var client = await broker.ConnectAsync(new ConnectPacket { ClientId = "one", CleanStart = true, KeepAlive = 30, SessionExpiryInterval = 100 });
        await client.SubscribeAsync(new Subscription { Filter = "a/+", MaximumQoS = QualityOfService.AtLeastOnce, NoLocal = true, RetainHandling = RetainHandling.DoNotSend }, new Subscription { Filter = "a/#/b" });
        await client.SendAsync(new UnsubscribePacket { PacketId = 9, Filters = ["a/+", "never"] });
        await client.ReceiveAsync<UnsubAckPacket>();
        await client.DisconnectAsync(ReasonCode.DisconnectWithWill);

        var connected = await told.NextAsync<ClientConnected>();
        Assert.True(connected.Connection > 0);
        Assert.Equal(
            new ClientConnected
            {
                At = broker.Time.GetUtcNow(), Node = "here", ClientId = "one", Connection = connected.Connection, Remote = "127.0.0.1:9", Listener = "default", Version = ProtocolVersion.V50, KeepAlive = 30,
                CleanStart = true, SessionExpiry = 100,
            },
            connected);
        // The filter that is none was refused, and the subscription that it never had did not end.
        var subscribed = await told.NextAsync<ClientSubscribed>();
        Assert.Equal(
            new ClientSubscribed
            {
                At = connected.At, Node = "here", ClientId = "one", Connection = connected.Connection, Filter = "a/+", RequestedQoS = 1, GrantedQoS = 1, NoLocal = true, RetainHandling = RetainHandling.DoNotSend,
            },
            subscribed);
        Assert.Equal(("a/+", false, connected.Connection), await told.NextAsync<ClientUnsubscribed>() is var unsubscribed ? (unsubscribed.Filter, unsubscribed.IsRevoked, unsubscribed.Connection) : default);
        var disconnected = await told.NextAsync<ClientDisconnected>();
        Assert.Equal((DisconnectedBy.Client, ReasonCode.DisconnectWithWill, connected.Connection), (disconnected.By, disconnected.Reason, disconnected.Connection));
    }

    [Fact]
    public async Task It_is_told_who_has_ended_a_connection()
    {
        var told = new Told();
        await using var broker = await TestBroker.StartAsync(configure: told.Add);
        var lost = await broker.ConnectAsync("lost");
        var first = (await told.NextAsync<ClientConnected>()).Connection;
        lost.Abort();
        Assert.Equal(("lost", DisconnectedBy.Network, null, first), await DisconnectedAsync(told));

        await broker.ConnectAsync("two");
        var former = (await told.NextAsync<ClientConnected>()).Connection;
        var taking = await broker.ConnectAsync("two");
        // The end of the one before the beginning of the other.
        Assert.Equal(("two", DisconnectedBy.Broker, ReasonCode.SessionTakenOver, former), await DisconnectedAsync(told));
        var latest = (await told.NextAsync<ClientConnected>()).Connection;
        Assert.True(latest > former);
        await taking.SendAsync(new byte[] { 0x00, 0x00 });
        Assert.Equal(("two", DisconnectedBy.Broker, ReasonCode.MalformedPacket, latest), await DisconnectedAsync(told));

        var old = await broker.ConnectAsync("old", ProtocolVersion.V311);
        Assert.Equal(ProtocolVersion.V311, (await told.NextAsync<ClientConnected>()).Version);
        await old.SendAsync(new DisconnectPacket());
        Assert.Equal(ReasonCode.Success, (await told.NextAsync<ClientDisconnected>()).Reason);
    }

    [Fact]
    public async Task Of_a_client_that_is_refused_nothing_is_told()
    {
        var told = new Told();
        await using (var broker = await TestBroker.StartAsync(configure: told.Add))
        {
            var client = broker.Open(ProtocolVersion.V311);
            await client.SendAsync(new ConnectPacket { Version = ProtocolVersion.V311, ClientId = "", CleanStart = false });
            Assert.Equal(ReasonCode.ClientIdentifierNotValid, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
            await client.ExpectClosedAsync();
        }
        Assert.DoesNotContain(told.All(), static brokerEvent => brokerEvent is ClientEvent);
    }

    [Fact]
    public async Task A_session_that_goes_on_is_told_of_as_such()
    {
        var told = new Told();
        await using var broker = await TestBroker.StartAsync(configure: told.Add);
        var client = await broker.ConnectAsync("one", sessionExpiry: 100);
        await client.SubscribeAsync("a");
        await broker.LeaveAsync(client, "one");
        await broker.ConnectAsync("one", cleanStart: false, sessionExpiry: 100);

        Assert.False((await told.NextAsync<ClientConnected>()).SessionPresent);
        await told.NextAsync<ClientSubscribed>();
        await told.NextAsync<ClientDisconnected>();
        Assert.True((await told.NextAsync<ClientConnected>()).SessionPresent);
    }

    [Fact]
    public async Task The_gateway_is_told_of_from_start_to_stop_around_its_clients()
    {
        var told = new Told();
        await using var broker = await TestBroker.StartAsync(configure: told.Add);
        await broker.ConnectAsync("one");
        await broker.StopAsync();

        Assert.Collection(
            told.All(),
            static starting => Assert.IsType<BrokerStarting>(starting),
            static started => Assert.Equal("mqtt://127.0.0.1:1883", Assert.Single(Assert.IsType<BrokerStarted>(started).Listeners)),
            static connected => Assert.IsType<ClientConnected>(connected),
            static stopping => Assert.IsType<BrokerStopping>(stopping),
            static closed => Assert.Equal(ReasonCode.ServerShuttingDown, Assert.IsType<ClientDisconnected>(closed).Reason),
            static stopped => Assert.IsType<BrokerStopped>(stopped));
    }

    private static async Task<(string Client, DisconnectedBy By, ReasonCode? Reason, long Connection)> DisconnectedAsync(Told told)
    {
        var disconnected = await told.NextAsync<ClientDisconnected>();
        return (disconnected.ClientId, disconnected.By, disconnected.Reason, disconnected.Connection);
    }
}

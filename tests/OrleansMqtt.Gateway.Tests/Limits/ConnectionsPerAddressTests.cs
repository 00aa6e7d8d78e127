using System.Net;
using System.Text;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Limits;

public sealed class ConnectionsPerAddressTests
{
    private static readonly GatewayLimits Two = new() { MaxConnectionsPerAddress = 2, ConnectTimeoutSeconds = 5 };
    private static readonly IPAddress Crowded = IPAddress.Parse("192.0.2.1"), Other = IPAddress.Parse("192.0.2.2");

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task One_more_than_an_address_may_have_is_refused_and_other_addresses_are_served(ProtocolVersion version)
    {
        await using var broker = await TestBroker.StartAsync(Two);
        var beside = await broker.ConnectAsync("beside");
        for (var i = 0; i < 2; i++) Assert.Equal(ReasonCode.Success, (await broker.TryConnectAsync($"c{i}", version, Crowded)).ConnAck.ReasonCode);

        var (refused, connAck) = await broker.TryConnectAsync("c2", version, Crowded);

        Assert.Equal(ReasonCode.ConnectionRateExceeded.In(version), connAck.ReasonCode);
        await refused.ExpectClosedAsync();
        Assert.Equal(1, broker.Metrics.Refused(RefusalKind.ConnectionsPerAddress));
        Assert.Equal(ReasonCode.Success, (await broker.TryConnectAsync("other", version, Other)).ConnAck.ReasonCode);
        await beside.SubscribeAsync("t");
    }

    [Fact]
    public async Task However_connections_end_their_places_are_given_back()
    {
        await using var broker = await TestBroker.StartAsync(Two);
        var addresses = broker.Guards().Addresses;
        for (var round = 0; round < 3; round++)
        {
            var goodbye = (await broker.TryConnectAsync("goodbye", address: Crowded)).Client;
            var lost = (await broker.TryConnectAsync("lost", address: Crowded)).Client;
            var refused = (await broker.TryConnectAsync("refused", address: Crowded)).Client;
            await refused.ExpectClosedAsync();
            var malformed = broker.Open(address: Other);
            await malformed.SendAsync(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF });
            await malformed.ExpectClosedAsync();
            var silent = broker.Open(address: Other);
            var half = broker.Open(address: Other);
            await Until.HoldsAsync(() => broker.Guards().HalfOpen.Count == 2);
            Assert.Equal((2, 2), (addresses.ConnectionsOf(Crowded), addresses.ConnectionsOf(Other)));
            half.Abort();
            await goodbye.DisconnectAsync();
            lost.Abort();
            for (var i = 0; i < 6; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
            await silent.ExpectClosedAsync();
            await Until.HoldsAsync(() => addresses.Count == 0);
        }
        Assert.Equal(0, broker.Guards().HalfOpen.Count);
    }

    [Fact]
    public async Task A_takeover_takes_the_place_only_until_the_former_connection_is_closed()
    {
        await using var broker = await TestBroker.StartAsync(Two);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(ReasonCode.Success, (await broker.TryConnectAsync("same", address: Crowded)).ConnAck.ReasonCode);
            await Until.HoldsAsync(() => broker.Guards().Addresses.ConnectionsOf(Crowded) == 1);
        }
    }

    [Fact]
    public async Task Behind_a_load_balancer_the_address_that_it_names_counts()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxConnectionsPerAddress = 1 }, listener: new ListenerOptions { ProxyProtocol = true });
        using var first = await ComeAsync(broker, "192.0.2.1", "a");
        await first.ExpectAsync("20020000");
        using var second = await ComeAsync(broker, "192.0.2.1", "b");
        await second.ExpectClosedAsync("20020003");
        using var other = await ComeAsync(broker, "192.0.2.2", "c");
        await other.ExpectAsync("20020000");
        Assert.Equal((1, 0), (broker.Guards().Addresses.ConnectionsOf(IPAddress.Parse("192.0.2.1")), broker.Guards().Addresses.ConnectionsOf(IPAddress.Loopback)));
    }

    [Fact]
    public async Task Who_ends_on_the_way_to_CONNECT_gives_its_place_back()
    {
        await using var broker = await TestBroker.StartAsync(Two, listener: new ListenerOptions { ProxyProtocol = true });
        for (var round = 0; round < 3; round++)
        {
            var header = Convert.ToHexString(Encoding.ASCII.GetBytes("PROXY TCP4 192.0.2.1 198.51.100.2 56324 1883\r\n"));
            using var silent = new RawClient(broker);
            await silent.SendAsync(header);
            using var malformed = new RawClient(broker);
            await malformed.SendAsync(header + "FFFFFFFFFF");
            await malformed.ExpectClosedAsync();
            using var bare = new RawClient(broker);
            await bare.SendAsync("FFFFFFFFFF");
            await bare.ExpectClosedAsync();
            using var half = new RawClient(broker);
            await half.SendAsync(header[..20]);
            await Until.HoldsAsync(() => broker.Guards().HalfOpen.Count == 2 && broker.Guards().Addresses.ConnectionsOf(Crowded) == 1);
            for (var i = 0; i < 6; i++) broker.Time.Advance(TimeSpan.FromSeconds(1));
            await silent.ExpectClosedAsync();
            await half.ExpectClosedAsync();
            await Until.HoldsAsync(() => broker.Guards() is { Addresses.Count: 0, HalfOpen.Count: 0 });
        }
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.1", "::1", false)]
    [InlineData("::1", "::2", true)]
    public void Of_IPv6_the_network_counts(string first, string second, bool isSame)
    {
        var table = new AddressTable(new(new GatewayLimits { MaxConnectionsPerAddress = 1 }));
        Assert.True(table.TryEnter(new IPEndPoint(IPAddress.Parse(first), 1), out var place));
        Assert.Equal(!isSame, table.TryEnter(new IPEndPoint(IPAddress.Parse(second), 2), out var other));
        foreach (var left in (ulong[])[place, other]) table.Leave(left);
        Assert.Equal(0, table.Count);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:0:1::7", "2001:db8:0:1::/64")]
    [InlineData("::1", "::1")]
    public void Each_address_is_named(string address, string name)
    {
        var table = new AddressTable(new(new GatewayLimits()));
        for (var port = 1; port <= 2; port++) Assert.True(table.TryEnter(new IPEndPoint(IPAddress.Parse(address), port), out _));
        Assert.Equal(new Dictionary<string, int> { [name] = 2 }, table.ByAddress());
    }

    [Fact]
    public void Of_a_Unix_socket_nobody_has_an_address()
    {
        var table = new AddressTable(new(new GatewayLimits { MaxConnectionsPerAddress = 1 }));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(table.TryEnter(new System.Net.Sockets.UnixDomainSocketEndPoint("unix"), out var place));
            table.Leave(place);
        }
        Assert.Equal(0, table.Count);
    }

    private static async Task<RawClient> ComeAsync(TestBroker broker, string address, string clientId)
    {
        var client = new RawClient(broker);
        await client.SendAsync(Convert.ToHexString(Encoding.ASCII.GetBytes($"PROXY TCP4 {address} 198.51.100.2 56324 1883\r\n")) + RawClient.Connect(clientId));
        return client;
    }
}

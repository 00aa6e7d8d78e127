using System.Net;
using System.Text;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

public sealed class AddressBanTests
{
    private static readonly BanOptions ThreeInTen = new() { Failures = 3, Within = TimeSpan.FromSeconds(10), For = TimeSpan.FromMinutes(1) };
    private readonly ManualTimeProvider _time = new();

    private static IPEndPoint At(string address, int port = 1) => new(IPAddress.Parse(address), port);

    [Fact]
    public void So_many_failures_in_so_long_ban_an_address_for_a_time()
    {
        var bans = new AddressBans(ThreeInTen, _time);
        Assert.Equal([false, false, true], Enumerable.Range(0, 3).Select(port => bans.CountFailure(At("192.0.2.1", port))));
        Assert.Equal((true, false), (bans.IsBanned(At("192.0.2.1", 77)), bans.IsBanned(At("192.0.2.2"))));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(bans.IsBanned(At("192.0.2.1")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(bans.IsBanned(At("192.0.2.1")));
        // Each ban takes as many failures again.
        Assert.False(bans.CountFailure(At("192.0.2.1")));
    }

    [Fact]
    public void Failures_that_lie_further_apart_do_not()
    {
        var bans = new AddressBans(ThreeInTen, _time);
        bans.CountFailure(At("192.0.2.1"));
        bans.CountFailure(At("192.0.2.1"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(bans.CountFailure(At("192.0.2.1")));
        Assert.False(bans.IsBanned(At("192.0.2.1")));
    }

    [Fact]
    public void A_network_of_64_bits_is_one_and_a_mapped_address_is_what_it_maps()
    {
        var bans = new AddressBans(ThreeInTen, _time);
        bans.CountFailure(At("2001:db8:1:2::1"));
        bans.CountFailure(At("2001:db8:1:2:ffff::2"));
        Assert.True(bans.CountFailure(At("2001:db8:1:2:3:4:5:6")));
        Assert.Equal((true, false), (bans.IsBanned(At("2001:db8:1:2::9")), bans.IsBanned(At("2001:db8:1:3::1"))));
        for (var i = 0; i < 3; i++) bans.CountFailure(At("::ffff:192.0.2.1"));
        Assert.True(bans.IsBanned(At("192.0.2.1")));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.1")]
    [InlineData("::1")]
    public void Loopback_is_never_banned(string address)
    {
        var bans = new AddressBans(ThreeInTen, _time);
        for (var i = 0; i < 5; i++) Assert.False(bans.CountFailure(At(address)));
        Assert.False(bans.IsBanned(At(address)));
    }

    [Fact]
    public void However_many_addresses_there_are_only_so_many_are_remembered()
    {
        var bans = new AddressBans(ThreeInTen, _time);
        for (var i = 0; i < 3; i++) bans.CountFailure(At("192.0.2.1"));
        for (var i = 0; i < AddressBans.Capacity - 1; i++) bans.CountFailure(new IPEndPoint(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 1));
        Assert.Equal((AddressBans.Capacity, true), (bans.Count, bans.IsBanned(At("192.0.2.1"))));
        bans.CountFailure(At("192.0.2.9"));
        Assert.Equal((AddressBans.Capacity, false), (bans.Count, bans.IsBanned(At("192.0.2.1"))));
    }

    [Fact]
    public async Task A_banned_client_is_refused_before_anybody_is_asked()
    {
        var asked = Asked.NamesakePasswords();
        await using var broker = await Doors.StartAsync([asked], Doors.AtOnce with { Ban = ThreeInTen }, listener: new ListenerOptions { ProxyProtocol = true });
        for (var i = 0; i < 3; i++) Assert.Equal(ReasonCode.BadUserNameOrPassword, await ComeAsync(broker, "192.0.2.1", Doors.As("alice", password: "guess")));
        Assert.Equal(ReasonCode.Banned, await ComeAsync(broker, "192.0.2.1", Doors.As("alice")));
        Assert.Equal(ReasonCode.NotAuthorized, await ComeAsync(broker, "192.0.2.1", Doors.As("alice", version: ProtocolVersion.V311)));
        Assert.Equal(ReasonCode.Success, await ComeAsync(broker, "192.0.2.2", Doors.As("alice")));
        Assert.Equal(4, asked.Requests.Count);
    }

    private static async Task<ReasonCode> ComeAsync(TestBroker broker, string address, ConnectPacket connect)
    {
        var client = broker.Open(connect.Version);
        await client.SendAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 {address} 198.51.100.2 56324 1883\r\n"));
        await client.SendAsync(connect);
        return (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode;
    }
}

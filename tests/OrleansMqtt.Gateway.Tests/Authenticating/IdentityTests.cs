using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>What an identity means for the connection.</summary>
public sealed class IdentityTests
{
    private static Asked Allowing(Func<ClientIdentity, ClientIdentity> change) => new("allows", r => AuthenticationResult.Allow(change(new ClientIdentity(r.UserName))));

    [Fact]
    public async Task A_client_without_an_identifier_gets_that_of_its_identity()
    {
        await using var broker = await Doors.StartAsync([Allowing(static i => i with { ClientId = "own" })]);
        var client = await broker.ConnectAsync(Doors.As("alice", ""));
        Assert.Equal("own", client.ConnAck!.AssignedClientIdentifier);
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As("alice", "own")));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task A_client_with_another_identifier_is_refused(ProtocolVersion version)
    {
        await using var broker = await Doors.StartAsync([Allowing(static i => i with { ClientId = "own" })]);
        Assert.Equal(ReasonCode.ClientIdentifierNotValid, await broker.TryConnectAsync(Doors.As("alice", "other", version)));
    }

    [Theory]
    [InlineData((ushort)0)]
    [InlineData((ushort)3)]
    public async Task The_connection_ends_with_what_proves_the_identity(ushort keepAlive)
    {
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var broker = await Doors.StartAsync([Allowing(i => i with { ExpiresAt = start.AddMinutes(15) })]);
        var client = broker.Open();
        await client.SendAsync(new ConnectPacket { ClientId = "client", UserName = "alice", CleanStart = true, KeepAlive = keepAlive });
        await client.ReceiveAsync<ConnAckPacket>();
        // More than a turn of the wheel.
        for (var second = 0; second < (15 * 60) - 1; second++)
        {
            if (keepAlive > 0) await client.SettledAsync();
            broker.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await client.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectDisconnectAsync(ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task An_identity_that_has_expired_already_is_none()
    {
        await using var broker = await Doors.StartAsync([Allowing(static i => i with { ExpiresAt = DateTimeOffset.UnixEpoch })]);
        Assert.Equal(ReasonCode.NotAuthorized, await broker.TryConnectAsync(Doors.As("alice")));
    }

    [Fact]
    public async Task The_log_names_the_user_and_shows_what_is_hidden()
    {
        await using var broker = await Doors.StartAsync([Allowing(static i => i)]);
        await broker.ConnectAsync(Doors.As("ali\u0085ce", "c\u200f1"));
        Assert.Equal(@"c\u200F1 (user ali\u0085ce)", broker.ConnectionOf("c\u200f1").LogName);
    }

    [Theory]
    [InlineData("plain näme ✓", "plain näme ✓")]
    [InlineData("a\nb\r\t\u0007", @"a\u000Ab\u000D\u0009\u0007")]
    [InlineData("\u2028x\u2029\u202E", @"\u2028x\u2029\u202E")]
    public void Nobody_writes_the_log_for_others(string text, string escaped) => Assert.Equal(escaped, LogText.Escape(text));
}

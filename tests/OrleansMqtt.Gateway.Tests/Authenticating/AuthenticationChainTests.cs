using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>Who is asked about a client, and what follows.</summary>
public sealed class AuthenticationChainTests
{
    private static readonly Asked Ignorant = new("ignorant", static _ => AuthenticationResult.Next);

    [Fact]
    public async Task The_first_that_knows_or_refuses_decides()
    {
        var (knows, refuses) = (new Asked("knows", static r => AuthenticationResult.Allow(new ClientIdentity($"known {r.UserName}"))), new Asked("refuses", static _ => AuthenticationResult.Deny(ReasonCode.Banned, "no")));
        await using (var broker = await Doors.StartAsync([Ignorant, knows, refuses]))
        {
            await broker.ConnectAsync(Doors.As("alice"));
            Assert.Equal("known alice", broker.ConnectionOf("client").Identity.UserName);
            Assert.Empty(refuses.Requests);
        }
        await using (var broker = await Doors.StartAsync([Ignorant, knows, refuses], Doors.AtOnce with { Order = ["refuses", "knows", "ignorant"] }))
        {
            Assert.Equal(ReasonCode.Banned, await broker.TryConnectAsync(Doors.As("alice")));
            Assert.Single(knows.Requests);
        }
    }

    [Fact]
    public async Task They_are_told_what_the_client_shows()
    {
        var asked = Asked.NamesakePasswords();
        await using var broker = await Doors.StartAsync([asked], listener: new ListenerOptions { Name = "front" });
        await broker.ConnectAsync(Doors.As("alice", "c1", ProtocolVersion.V311));
        var request = Assert.Single(asked.Requests);
        Assert.Equal(("c1", "alice", "front", ProtocolVersion.V311, "127.0.0.1:9"), (request.ClientId, request.UserName, request.Listener, request.Version, request.Remote?.ToString()));
    }

    [Theory]
    [InlineData(ProtocolVersion.V50, "mallory", ReasonCode.BadUserNameOrPassword)]
    [InlineData(ProtocolVersion.V50, null, ReasonCode.BadUserNameOrPassword)]
    [InlineData(ProtocolVersion.V311, "mallory", ReasonCode.BadUserNameOrPassword)]
    [InlineData(ProtocolVersion.V311, null, ReasonCode.NotAuthorized)]
    [InlineData(ProtocolVersion.V31, "mallory", ReasonCode.BadUserNameOrPassword)]
    public async Task Whom_nobody_knows_is_refused(ProtocolVersion version, string? user, ReasonCode answer)
    {
        await using var broker = await Doors.StartAsync([Ignorant]);
        Assert.Equal(answer, await broker.TryConnectAsync(Doors.As(user, version: version)));
        Assert.Equal(1, broker.Security().Refusals);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_client_is_not_told_what_was_wrong()
    {
        await using var broker = await Doors.StartAsync([Asked.NamesakePasswords()]);
        var client = broker.Open();
        await client.SendAsync(Doors.As("alice", password: "guess"));
        var answer = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal(ReasonCode.BadUserNameOrPassword, answer.ReasonCode);
        Assert.DoesNotContain("password", answer.ReasonString);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Where_nobody_in_particular_may_come_in_a_named_user_that_nobody_knows_may_not()
    {
        await using var broker = await Doors.StartAsync([Ignorant], Doors.AtOnce with { AllowAnonymous = true });
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As(null)));
        Assert.Null(broker.ConnectionOf("client").Identity.UserName);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await broker.TryConnectAsync(Doors.As("mallory")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mallory")]
    public async Task With_anonymous_clients_off_nobody_comes_in_where_nobody_is_asked(string? user)
    {
        await using var broker = await Doors.StartAsync([], Doors.AtOnce with { AllowAnonymous = false });
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await broker.TryConnectAsync(Doors.As(user)));
    }

    [Fact]
    public async Task Where_nobody_is_asked_a_client_is_nobody_whatever_it_says()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.ConnectAsync(Doors.As("admin"));
        Assert.Null(broker.ConnectionOf("client").Identity.UserName);
    }

    [Fact]
    public async Task A_listener_may_ask_others_and_let_anonymous_clients_in()
    {
        var (first, second) = (Asked.NamesakePasswords("first"), Asked.NamesakePasswords("second"));
        await using var broker = await Doors.StartAsync([first, second], listener: new ListenerOptions { Authenticators = ["second"], AllowAnonymous = true });
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As("alice")));
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As(null, "nobody")));
        Assert.Equal((0, 2), (first.Requests.Count, second.Requests.Count));
    }

    [Theory]
    [InlineData(null, ReasonCode.BadUserNameOrPassword)]
    [InlineData(true, ReasonCode.Success)]
    public async Task A_listener_that_asks_none_is_open_only_if_it_says_so(bool? allowAnonymous, ReasonCode answer)
    {
        await using var broker = await Doors.StartAsync([Asked.NamesakePasswords()], listener: new ListenerOptions { Authenticators = [], AllowAnonymous = allowAnonymous });
        Assert.Equal(answer, await broker.TryConnectAsync(Doors.As("alice")));
        Assert.Equal(answer, await broker.TryConnectAsync(Doors.As(null)));
    }

    [Fact]
    public async Task One_that_fails_refuses_the_client()
    {
        await using var broker = await Doors.StartAsync([new Asked("broken", static _ => throw new InvalidOperationException("broken")), Asked.NamesakePasswords()]);
        Assert.Equal(ReasonCode.ServerUnavailable, await broker.TryConnectAsync(Doors.As("alice")));
    }

    [Theory]
    [InlineData(new[] { "namesake", "unknown" }, "unknown")]
    [InlineData(new string[0], "namesake")]
    public async Task An_order_that_names_somebody_else_or_leaves_one_out_does_not_start(string[] order, string named) =>
        Assert.Contains(named, (await Assert.ThrowsAsync<InvalidOperationException>(() => Doors.StartAsync([Asked.NamesakePasswords()], Doors.AtOnce with { Order = order }))).Message);

    [Fact]
    public async Task A_listener_that_asks_somebody_who_is_not_there_does_not_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Doors.StartAsync([Asked.NamesakePasswords()], listener: new ListenerOptions { Authenticators = ["other"] }));
}

using System.Text;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Authorizing;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>Enhanced authentication, section 4.12.</summary>
public sealed class V5ExchangeTests
{
    private readonly Riddles _riddles = new();

    private static ConnectPacket Connect(string user, string method = "RIDDLE", uint? maximumPacketSize = null) => new()
    {
        ClientId = "client", CleanStart = true, AuthenticationMethod = method, AuthenticationData = Encoding.UTF8.GetBytes(user), MaximumPacketSize = maximumPacketSize,
    };

    private static AuthPacket Auth(string data, ReasonCode reason = ReasonCode.ContinueAuthentication, string method = "RIDDLE") =>
        new() { ReasonCode = reason, AuthenticationMethod = method, AuthenticationData = Encoding.UTF8.GetBytes(data) };

    private static string? Text(ReadOnlyMemory<byte>? data) => data is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    private static async Task<TestClient> ConnectAsync(TestBroker broker, string user = "alice")
    {
        var client = broker.Open();
        await client.SendAsync(Connect(user));
        await client.ReceiveAsync<AuthPacket>();
        await client.SendAsync(Auth($"word of {user}"));
        Assert.Equal(ReasonCode.Success, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        return client;
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-2")]
    [Normative("5.0", "MQTT-4.12.0-5")]
    public async Task The_client_answers_until_it_is_known()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = broker.Open();
        await client.SendAsync(Connect("alice"));
        var question = await client.ReceiveAsync<AuthPacket>();
        Assert.Equal((ReasonCode.ContinueAuthentication, "RIDDLE", "word of alice?"), (question.ReasonCode, question.AuthenticationMethod, Text(question.AuthenticationData)));
        await client.SendAsync(Auth("word of alice"));
        var connAck = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal((ReasonCode.Success, "RIDDLE", "welcome"), (connAck.ReasonCode, connAck.AuthenticationMethod, Text(connAck.AuthenticationData)));
        Assert.Equal("alice", broker.ConnectionOf("client").Identity.UserName);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.0-4")]
    public async Task Who_answers_wrongly_is_refused_and_closed()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = broker.Open();
        await client.SendAsync(Connect("alice"));
        await client.ReceiveAsync<AuthPacket>();
        await client.SendAsync(Auth("no idea"));
        Assert.Equal(ReasonCode.NotAuthorized, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
        Assert.Equal(1, broker.Security().Refusals);
    }

    [Theory]
    [InlineData(ReasonCode.ContinueAuthentication, "OTHER", ReasonCode.BadAuthenticationMethod)]
    [InlineData(ReasonCode.ReAuthenticate, "RIDDLE", ReasonCode.ProtocolError)]
    [Normative("5.0", "MQTT-4.12.0-3")]
    [Normative("5.0", "MQTT-4.12.0-5")]
    public async Task An_answer_with_another_method_or_of_another_kind_is_refused(ReasonCode reason, string method, ReasonCode refused)
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = broker.Open();
        await client.SendAsync(Connect("alice"));
        await client.ReceiveAsync<AuthPacket>();
        await client.SendAsync(Auth("word of alice", reason, method));
        Assert.Equal(refused, (await client.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_client_may_give_up()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = broker.Open();
        await client.SendAsync(Connect("alice"));
        await client.ReceiveAsync<AuthPacket>();
        await client.SendAsync(new DisconnectPacket());
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task The_exchange_ends_with_the_time_to_connect()
    {
        await using var broker = await Doors.StartAsync([_riddles], limits: new GatewayLimits { ConnectTimeoutSeconds = 5 });
        var client = broker.Open();
        await client.SendAsync(Connect("alice"));
        await client.ReceiveAsync<AuthPacket>();
        for (var second = 0; second < 5; second++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectClosedAsync();
    }

    [Fact]
    [Normative("5.0", "MQTT-3.15.2-2")]
    [Normative("5.0", "MQTT-3.15.2-3")]
    public async Task Auth_is_never_larger_than_the_client_takes()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var (small, large) = (broker.Open(), broker.Open());
        await small.SendAsync(Connect("alice", maximumPacketSize: 20));
        Assert.Equal(ReasonCode.PacketTooLarge, (await small.ReceiveAsync<ConnAckPacket>()).ReasonCode);
        await small.ExpectClosedAsync();
        await large.SendAsync(Connect("alice", maximumPacketSize: 34));
        var question = await large.ReceiveAsync<AuthPacket>();
        Assert.Equal((null, 0, true), (question.ReasonString, question.UserProperties.Count, large.LastBytes.Length <= 34));
    }

    [Fact]
    public async Task A_method_that_the_listener_does_not_have_is_refused()
    {
        await using var broker = await Doors.StartAsync([_riddles, Asked.NamesakePasswords()], listener: new ListenerOptions { Authenticators = ["namesake"] });
        Assert.Equal(ReasonCode.BadAuthenticationMethod, await broker.TryConnectAsync(Connect("alice")));
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As("alice")));
    }

    [Fact]
    public async Task A_client_without_a_method_is_not_known_by_one()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        Assert.Equal(ReasonCode.BadUserNameOrPassword, await broker.TryConnectAsync(Doors.As("alice")));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.1-1")]
    public async Task A_connected_client_authenticates_again_while_messages_flow()
    {
        var thinking = new TaskCompletionSource();
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([_riddles, rules]);
        var client = await ConnectAsync(broker);
        await client.SubscribeAsync("a");
        await client.PublishAsync("a", "0");
        Assert.Equal("0", await client.ReceiveTextAsync());
        _riddles.Thinking = () => thinking.Task;
        await client.SendAsync(Auth("alice", ReasonCode.ReAuthenticate));
        for (var i = 1; i < 4; i++)
        {
            await client.PublishAsync("a", $"{i}");
            Assert.Equal($"{i}", await client.ReceiveTextAsync());
        }
        _riddles.ExpiresAt = broker.Time.GetUtcNow().AddSeconds(100);
        thinking.SetResult();
        Assert.Equal(ReasonCode.ContinueAuthentication, (await client.ReceiveAsync<AuthPacket>()).ReasonCode);
        await client.PublishAsync("a", "between");
        Assert.Equal("between", await client.ReceiveTextAsync());
        await client.SendAsync(Auth("word of alice"));
        var success = await client.ReceiveAsync<AuthPacket>();
        Assert.Equal((ReasonCode.Success, "RIDDLE", "welcome"), (success.ReasonCode, success.AuthenticationMethod, Text(success.AuthenticationData)));

        // The new identity holds: it is asked about anew, and it ends.
        var before = rules.Requests.Count;
        await client.PublishAsync("a", "after");
        Assert.Equal("after", await client.ReceiveTextAsync());
        Assert.Equal(before + 1, rules.Requests.Count);
        broker.Time.Advance(TimeSpan.FromSeconds(99));
        await client.SettledAsync();
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectDisconnectAsync(ReasonCode.NotAuthorized);
    }

    [Theory]
    [InlineData("alice", "wrong", ReasonCode.NotAuthorized)]
    [InlineData("bob", "word of bob", ReasonCode.NotAuthorized)]
    [InlineData("alice", "broken", ReasonCode.UnspecifiedError)]
    [Normative("5.0", "MQTT-4.12.1-2")]
    public async Task Who_fails_to_authenticate_again_is_told_and_closed(string user, string answer, ReasonCode reason)
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = await ConnectAsync(broker);
        await client.SendAsync(Auth(user, ReasonCode.ReAuthenticate));
        await client.ReceiveAsync<AuthPacket>();
        await client.SendAsync(Auth(answer));
        await client.ExpectDisconnectAsync(reason);
    }

    [Fact]
    [Normative("5.0", "MQTT-4.12.1-1")]
    public async Task It_does_so_by_the_same_method()
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = await ConnectAsync(broker);
        await client.SendAsync(Auth("alice", ReasonCode.ReAuthenticate, "OTHER"));
        await client.ExpectDisconnectAsync(ReasonCode.BadAuthenticationMethod);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Auth_out_of_turn_is_a_protocol_error(bool twice)
    {
        await using var broker = await Doors.StartAsync([_riddles]);
        var client = await ConnectAsync(broker);
        _riddles.Thinking = static () => new TaskCompletionSource().Task;
        if (twice) await client.SendAsync(Auth("alice", ReasonCode.ReAuthenticate));
        await client.SendAsync(Auth("alice", twice ? ReasonCode.ReAuthenticate : ReasonCode.ContinueAuthentication));
        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task To_authenticate_again_takes_no_longer_than_to_connect()
    {
        await using var broker = await Doors.StartAsync([_riddles], limits: new GatewayLimits { ConnectTimeoutSeconds = 5 });
        var client = await ConnectAsync(broker);
        await client.SendAsync(Auth("alice", ReasonCode.ReAuthenticate));
        await client.ReceiveAsync<AuthPacket>();
        broker.Time.Advance(TimeSpan.FromSeconds(5));
        await client.ExpectDisconnectAsync(ReasonCode.NotAuthorized);
    }
}

using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authenticating;

/// <summary>Clients that wait to be known.</summary>
public sealed class WaitingTests
{
    private readonly TaskCompletionSource<CancellationToken> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AuthenticationResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Answers when the test does, whatever the token says.
    private Asked Slow => new("slow", (_, token) =>
    {
        _asked.TrySetResult(token);
        return new(_answer.Task);
    });

    private static Task CancelledAsync(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource();
        token.Register(cancelled.SetResult);
        return cancelled.Task.GuardAsync();
    }

    [Fact]
    public async Task What_follows_connect_waits_too()
    {
        await using var broker = await Doors.StartAsync([Slow]);
        var client = broker.Open();
        await client.SendAsync((byte[])[
            .. PacketEncoder.Encode(Doors.As("alice"), ProtocolVersion.V50),
            .. PacketEncoder.Encode(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] }, ProtocolVersion.V50)]);
        await _asked.Task;
        await client.SendAsync(new PublishPacket { Topic = "a", Payload = "x"u8.ToArray() });
        _answer.SetResult(AuthenticationResult.Allow(new ClientIdentity("alice")));
        await client.ReceiveAsync<ConnAckPacket>();
        await client.ReceiveAsync<SubAckPacket>();
        Assert.Equal("x", await client.ReceiveTextAsync());
    }

    [Fact]
    public async Task Others_do_not_wait_for_them()
    {
        await using var broker = await Doors.StartAsync([new Asked("slow", async (request, _) => request.UserName == "slow" ? await _answer.Task : AuthenticationResult.Allow(new ClientIdentity("quick")))]);
        var slow = broker.Open();
        await slow.SendAsync(Doors.As("slow", "slow"));
        await broker.ConnectAsync(Doors.As("quick", "quick"));
        _answer.SetResult(AuthenticationResult.Allow(new ClientIdentity("slow")));
        await slow.ReceiveAsync<ConnAckPacket>();
    }

    [Fact]
    public async Task Who_leaves_is_asked_about_no_longer()
    {
        await using var broker = await Doors.StartAsync([Slow]);
        var client = broker.Open();
        await client.SendAsync(Doors.As("alice"));
        var token = await _asked.Task;
        client.Abort();
        await CancelledAsync(token);
    }

    [Fact]
    public async Task Their_time_is_the_time_to_connect()
    {
        await using var broker = await Doors.StartAsync([Slow], limits: new GatewayLimits { ConnectTimeoutSeconds = 5 });
        var client = broker.Open();
        await client.SendAsync(Doors.As("alice"));
        var token = await _asked.Task;
        for (var second = 0; second < 5; second++) broker.Time.Advance(TimeSpan.FromSeconds(1));
        await client.ExpectClosedAsync();
        await CancelledAsync(token);
    }

    [Fact]
    public async Task A_refusal_comes_late()
    {
        await using var broker = await Doors.StartAsync([Asked.NamesakePasswords()], new AuthenticationOptions { FailureDelay = TimeSpan.FromSeconds(1.5) });
        var waits = new TaskCompletionSource();
        broker.Time.TimerSet += time => _ = time == TimeSpan.FromSeconds(1.5) && waits.TrySetResult();
        var client = broker.Open();
        await client.SendAsync(Doors.As("alice", password: "guess"));
        await waits.Task.GuardAsync();
        var answer = client.ReceiveAsync<ConnAckPacket>();
        broker.Time.Advance(TimeSpan.FromSeconds(1.4));
        // Another client's round trips: nobody waits with it.
        await broker.ConnectAsync(Doors.As("bob", "bob"));
        Assert.False(answer.IsCompleted);
        broker.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ReasonCode.BadUserNameOrPassword, (await answer).ReasonCode);
        await client.ExpectClosedAsync();
    }
}

using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

/// <summary>What becomes of subscriptions when authorizers decide otherwise.</summary>
public sealed class RevocationTests
{
    private volatile bool _isRevoked;

    // The topic "secret" is free until it is not.
    private Rules NewRules() => new()
    {
        Answer = r => _isRevoked && r.Action == TopicAction.Subscribe && r.Topic == "secret" ? AuthorizationResult.Deny : AuthorizationResult.Allow,
        MayReceive = r => r.Topic == "secret" ? AuthorizationResult.Deny : AuthorizationResult.Allow,
    };

    // It goes over the connections beside everything else.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !isSo(); await Task.Yield())
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestBroker.HangGuard, "It did not come about.");
    }

    [Theory]
    [InlineData(false, "secret")]
    [InlineData(true, "secret")]
    [InlineData(false, "$share/g/secret")]
    [InlineData(true, "$share/g/secret")]
    public async Task Live_subscriptions_that_are_not_allowed_any_more_end(bool persistent, string filter)
    {
        var rules = NewRules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client", sessionExpiry: persistent ? 60 : null);
        await client.SubscribeAsync(filter);
        await client.SubscribeAsync("open");
        Assert.Equal(2, broker.Metrics.Subscriptions);

        _isRevoked = true;
        rules.Change();
        await UntilAsync(() => broker.Metrics.Subscriptions == 1);

        Assert.Equal([ReasonCode.NoSubscriptionExisted], await client.UnsubscribeAsync(filter));
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("secret", "x", QualityOfService.AtLeastOnce));
        await client.PublishAsync("open", "y");
        Assert.Equal("y", await client.ReceiveTextAsync());

        if (!persistent) return;
        // The session has forgotten it too.
        await broker.LeaveAsync(client, "client");
        _isRevoked = false;
        rules.Change();
        var again = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        Assert.Equal([ReasonCode.NoSubscriptionExisted, ReasonCode.Success], await again.UnsubscribeAsync(filter, "open"));
    }

    [Fact]
    public async Task Subscriptions_of_a_session_without_a_connection_are_decided_when_it_has_one_again()
    {
        var rules = NewRules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60);
        await client.SubscribeAsync("secret");
        await client.SubscribeAsync("open");
        await broker.LeaveAsync(client, "client");
        var publisher = await broker.ConnectAsync("publisher");
        await publisher.PublishAsync("secret", "waits", QualityOfService.AtLeastOnce);
        await publisher.PublishAsync("open", "open", QualityOfService.AtLeastOnce);

        _isRevoked = true;
        rules.Change();
        var again = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);

        // What waits by it is not for the client either.
        Assert.Equal("open", await again.ReceiveTextAsync());
        Assert.Equal([ReasonCode.NoSubscriptionExisted, ReasonCode.Success], await again.UnsubscribeAsync("secret", "open"));
        Assert.Equal(1, broker.Metrics.Dropped(DropReason.NotAuthorized));
    }

    [Fact]
    public async Task Where_it_cannot_be_decided_the_client_comes_again_and_keeps_its_session()
    {
        var (rules, isBroken) = (NewRules(), false);
        var usual = rules.Answer;
        rules.Answer = r => Volatile.Read(ref isBroken) ? throw new InvalidOperationException("broken") : usual(r);
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client", sessionExpiry: 60);
        await client.SubscribeAsync("open");

        Volatile.Write(ref isBroken, true);
        rules.Change();
        await client.ExpectDisconnectAsync(ReasonCode.ServerBusy);
        Assert.Equal(ReasonCode.ServerUnavailable, await broker.TryConnectAsync(Doors.As(null, sessionExpiry: 60)));

        Volatile.Write(ref isBroken, false);
        var again = await broker.ConnectAsync("client", cleanStart: false, sessionExpiry: 60);
        Assert.Equal([ReasonCode.Success], await again.UnsubscribeAsync("open"));
    }

    [Fact]
    public async Task A_subscription_that_is_being_made_meanwhile_is_not_missed()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource<AuthorizationResult>());
        var rules = NewRules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        rules.SlowAnswer = _ =>
        {
            asked.TrySetResult();
            return new(answer.Task);
        };
        var packetId = client.NextPacketId();
        await client.SendAsync(new SubscribePacket { PacketId = packetId, Subscriptions = [new Subscription { Filter = "secret" }] });
        await asked.Task.GuardAsync();

        _isRevoked = true;
        rules.SlowAnswer = null;
        rules.Change();
        answer.SetResult(AuthorizationResult.Allow);

        Assert.Equal([ReasonCode.GrantedQos0], (await client.ReceiveAsync<SubAckPacket>()).ReasonCodes);
        await client.SettledAsync();
        Assert.Equal([ReasonCode.NoSubscriptionExisted], await client.UnsubscribeAsync("secret"));
    }
}

using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

public sealed class PublishAuthorizationTests
{
    private static AuthorizationResult NotToSecret(AuthorizationRequest request) =>
        request.Action == TopicAction.Publish && request.Topic == "secret" ? AuthorizationResult.Deny : AuthorizationResult.Allow;

    private static async Task<TestClient> WatchAsync(TestBroker broker)
    {
        var watcher = await broker.ConnectAsync("watcher");
        await watcher.SubscribeAsync("#");
        return watcher;
    }

    [Theory]
    [InlineData(ProtocolVersion.V50, false)]
    [InlineData(ProtocolVersion.V50, true)]
    [InlineData(ProtocolVersion.V311, false)]
    [InlineData(ProtocolVersion.V311, true)]
    public async Task What_is_refused_reaches_nobody_and_is_answered_as_the_version_can(ProtocolVersion version, bool persistent)
    {
        var rules = new Rules { Answer = NotToSecret };
        await using var broker = await Doors.StartAsync([rules]);
        var watcher = await WatchAsync(broker);
        var client = await broker.ConnectAsync("client", version, cleanStart: !persistent, sessionExpiry: persistent && version == ProtocolVersion.V50 ? 60 : null);
        var refused = version == ProtocolVersion.V50 ? ReasonCode.NotAuthorized : ReasonCode.Success;

        // Each twice: when it is asked, and when it is remembered.
        for (var i = 0; i < 2; i++)
            foreach (var qos in Enum.GetValues<QualityOfService>())
                Assert.Equal(qos == QualityOfService.AtMostOnce ? ReasonCode.Success : refused, await client.PublishAsync("secret", "x", qos, retain: qos == QualityOfService.AtLeastOnce));

        Assert.Equal(ReasonCode.Success, await client.PublishAsync("open", "y", QualityOfService.ExactlyOnce));
        Assert.Equal("open", (await watcher.ReceivePublishAsync()).Topic);
        Assert.Equal(6, broker.Security().Denials);
        Assert.Equal(4, rules.Requests.Count(static r => r.Action == TopicAction.Publish));
    }

    [Fact]
    public async Task The_reason_may_be_another()
    {
        await using var broker = await Doors.StartAsync([new Rules { Answer = static _ => AuthorizationResult.DenyWith(ReasonCode.QuotaExceeded) }]);
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.QuotaExceeded, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task A_reason_that_the_packet_may_not_have_is_not_sent()
    {
        await using var broker = await Doors.StartAsync([new Rules { Answer = static _ => AuthorizationResult.DenyWith(ReasonCode.Banned) }]);
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", "x", QualityOfService.ExactlyOnce));
        Assert.Equal([ReasonCode.NotAuthorized], await client.SubscribeAsync("a"));
    }

    [Fact]
    public async Task A_decision_is_remembered_until_it_may_be_another()
    {
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        for (var i = 0; i < 5; i++) Assert.True(await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce) < ReasonCode.UnspecifiedError);
        Assert.Equal(new AuthorizationRequest("client", ClientIdentity.Anonymous, TopicAction.Publish, "a", QualityOfService.AtLeastOnce), Assert.Single(rules.Requests));
        await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce, retain: true);
        Assert.True(rules.Requests[^1].Retain);

        rules.Answer = static _ => AuthorizationResult.Deny;
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
        rules.Change();
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
        Assert.Equal(3, rules.Requests.Count);
    }

    [Fact]
    public async Task The_order_stays_while_one_is_decided()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource<AuthorizationResult>());
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules]);
        var watcher = await WatchAsync(broker);
        rules.SlowAnswer = request =>
        {
            if (request.Topic != "slow") return new(AuthorizationResult.Allow);
            asked.TrySetResult();
            return new(answer.Task);
        };
        var client = await broker.ConnectAsync("client");
        var other = await broker.ConnectAsync("other");
        string[] topics = ["first", "slow", "third", "slow", "fifth"];
        await client.SendAsync(topics.SelectMany(static (topic, i) => PacketEncoder.Encode(
            new PublishPacket { Topic = topic, Payload = "x"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, PacketId = (ushort)(i + 1) }, ProtocolVersion.V50)).ToArray());
        await asked.Task.GuardAsync();

        // Nobody else waits for it.
        await other.PublishAsync("other", "x", QualityOfService.AtLeastOnce);
        answer.SetResult(AuthorizationResult.Allow);

        for (ushort i = 1; i <= topics.Length; i++) await client.ExpectAsync(PacketType.PubAck, i);
        var received = (await watcher.ReceiveAllAsync(topics.Length + 1)).ConvertAll(static p => p.Topic);
        Assert.Equal(topics, received.Where(static t => t != "other"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_never_answers_holds_no_connection_that_is_closed(bool subscribes)
    {
        var asked = new TaskCompletionSource();
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        rules.SlowAnswer = _ =>
        {
            asked.SetResult();
            return new(new TaskCompletionSource<AuthorizationResult>().Task);
        };
        if (subscribes) await client.SendAsync(new SubscribePacket { PacketId = 1, Subscriptions = [new Subscription { Filter = "a" }] });
        else await client.SendAsync(new PublishPacket { Topic = "a", Payload = "x"u8.ToArray() });
        await asked.Task.GuardAsync();
        var end = broker.EndOf("client");
        await broker.ConnectAsync("client");
        await end;
        await client.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
    }

    [Fact]
    public async Task One_that_fails_refuses_and_is_asked_again()
    {
        var rules = new Rules { Answer = static _ => throw new InvalidOperationException("broken") };
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
        rules.Answer = static _ => AuthorizationResult.Allow;
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
    }

    [Theory]
    [InlineData(null, ReasonCode.NotAuthorized)]
    [InlineData(AuthorizationDefault.Deny, ReasonCode.NotAuthorized)]
    [InlineData(AuthorizationDefault.Allow, ReasonCode.NoMatchingSubscribers)]
    public async Task Where_nobody_decides_the_default_holds(AuthorizationDefault? whereNobodyDecides, ReasonCode answer)
    {
        await using var broker = await Doors.StartAsync([new Rules { Answer = static _ => AuthorizationResult.Next }], authorization: new AuthorizationOptions { Default = whereNobodyDecides });
        var client = await broker.ConnectAsync("client");
        Assert.Equal(answer, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task Without_authorizers_nothing_is_allowed_if_the_default_says_so()
    {
        await using var broker = await Doors.StartAsync([], authorization: new AuthorizationOptions { Default = AuthorizationDefault.Deny });
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
    }

    [Fact]
    public async Task The_first_that_decides_counts_in_the_order_of_the_configuration()
    {
        Rules allows = new() { Name = "allows" }, denies = new() { Name = "denies", Answer = static _ => AuthorizationResult.Deny };
        await using var broker = await Doors.StartAsync([allows, denies], authorization: new AuthorizationOptions { Order = ["denies", "allows"] });
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce));
        Assert.Empty(allows.Requests);
    }

    [Fact]
    public async Task The_broker_s_own_topics_are_nobody_s_to_write()
    {
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules]);
        var client = await broker.ConnectAsync("client");
        Assert.Equal(ReasonCode.NotAuthorized, await client.PublishAsync("$SYS/broker", "x", QualityOfService.AtLeastOnce));
        Assert.Empty(rules.Requests);
    }

    [Theory]
    [InlineData(ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V311)]
    public async Task A_will_that_may_not_be_published_refuses_the_client(ProtocolVersion version)
    {
        await using var broker = await Doors.StartAsync([new Rules { Answer = NotToSecret }]);
        Assert.Equal(ReasonCode.NotAuthorized, await broker.TryConnectAsync(Doors.As(null, version: version, will: new Will { Topic = "secret", Payload = "x"u8.ToArray() })));
        Assert.Equal(ReasonCode.Success, await broker.TryConnectAsync(Doors.As(null, version: version, will: new Will { Topic = "open", Payload = "x"u8.ToArray() })));
    }

    [Fact]
    public async Task Authorizers_are_told_who_it_is()
    {
        var rules = new Rules();
        await using var broker = await Doors.StartAsync([rules, Asked.NamesakePasswords()]);
        var client = await broker.ConnectAsync(Doors.As("alice"));
        await client.PublishAsync("a", "x", QualityOfService.AtLeastOnce);
        Assert.Equal("alice", Assert.Single(rules.Requests).Identity.UserName);
    }
}

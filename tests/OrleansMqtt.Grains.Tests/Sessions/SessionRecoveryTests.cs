using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage.Specification.Faults;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>A process dies and the next one has its stores. Whoever gets the wills has a persistent session of its own, which is away.</summary>
public sealed class SessionRecoveryTests
{
    private const string Gateway = LastingStores.Gateway;
    private readonly LastingStores _stores = new();

    [Theory]
    [InlineData(0u)]
    [InlineData(1_000_000u)]
    public async Task The_will_of_a_connection_that_died_with_its_process_is_published_once(uint sessionExpiry)
    {
        await using var first = await _stores.StartFirstAsync();
        await LastingStores.ConnectAsync(first, "c", sessionExpiry, delay: 0);
        await using var second = await _stores.StartAsync();
        Assert.Empty(await _stores.ReadAsync("s"));
        await second.RecoverAsync();
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.Empty(await _stores.ReadConnectionsAsync(Gateway));
        // The session of a clean one is gone.
        Assert.Equal(sessionExpiry > 0 ? 2 : 1, _stores.Documents.Count);

        await second.RecoverAsync();
        await using var third = await _stores.StartAsync();
        await third.RecoverAsync();
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task Only_what_was_there_when_the_process_died_may_have_been_sent()
    {
        await using var first = await _stores.StartFirstAsync();
        await first.Session("s").ConnectAsync(LastingStores.Request(first, Gateway));
        Assert.True(await first.Session("s").DeliverAsync([Samples.Entry("before")]));
        await using var second = await _stores.StartAsync();
        await second.RecoverAsync();
        Assert.True(await second.Session("s").DeliverAsync([Samples.Entry("away")]));
        var gateway = new FakeGateway();
        var connection = await second.Session("s").ConnectAsync(LastingStores.Request(second, Gateway) with { Endpoint = second.Reference<IGatewayEndpoint>(gateway) });
        await second.Session("s").StartAsync(connection.Epoch);
        Assert.True(await second.Session("s").DeliverAsync([Samples.Entry("there")]));
        await LastingStores.UntilAsync(second, () => Task.FromResult(gateway.Texts(connection.Epoch).Count() == 3));

        Assert.Equal([("before", true), ("away", false), ("there", false)], gateway.Pushes.SelectMany(p => p.Deliveries).Select(d => (d.Entry.Message.Text(), d.Duplicate)));
    }

    [Fact]
    public async Task Recovery_begins_when_the_silo_knows_its_routes()
    {
        await using var first = await _stores.StartFirstAsync();
        await LastingStores.ConnectAsync(first, "c", 0, delay: 0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stores.Routes.Hold(gate.Task);
        var isEarly = false;
        _stores.Asked = () => isEarly |= !gate.Task.IsCompleted;
        var starting = _stores.StartAsync(recovers: true);
        for (var i = 0; i < TopicPartitions.DefaultCount; i++) await _stores.Routes.Held.WaitAsync(TestContext.Current.CancellationToken);
        gate.SetResult();
        await using var second = await starting;

        Assert.False(isEarly);
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_delayed_will_of_a_connection_that_died_with_its_process_waits_from_then_on()
    {
        await using var first = await _stores.StartFirstAsync();
        await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 60);
        await using var second = await _stores.StartAsync(TimeSpan.FromSeconds(10));
        await second.RecoverAsync();
        var due = Assert.Single(await _stores.ReadDeadlinesAsync(), static d => d.Kind == DeadlineKind.Will).Due;
        Assert.Equal(second.Time.GetUtcNow().AddSeconds(60).ToUnixTimeMilliseconds(), due);
        second.Time.Advance(TimeSpan.FromSeconds(59));
        await using (var early = await _stores.StartAsync(TimeSpan.FromSeconds(69)))
        {
            await early.RecoverAsync();
            Assert.Empty(await _stores.ReadAsync("s"));
        }
        await using var third = await _stores.StartAsync(TimeSpan.FromSeconds(71));
        await third.RecoverAsync();
        await LastingStores.UntilAsync(third, async () => (await _stores.ReadAsync("s")).Count > 0);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_will_whose_time_passed_while_no_process_ran_is_published()
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 60);
        await first.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        await using var second = await _stores.StartAsync(TimeSpan.FromSeconds(61));
        await second.RecoverAsync();
        await LastingStores.UntilAsync(second, async () => (await _stores.ReadAsync("s")).Count > 0);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        await LastingStores.UntilAsync(second, async () => (await _stores.ReadDeadlinesAsync()).All(static d => d.Kind != DeadlineKind.Will));
    }

    [Fact]
    public async Task A_client_that_comes_after_its_wills_time_does_not_cancel_it_though_nobody_has_published_it_yet()
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 60);
        await first.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        await using var second = await _stores.StartAsync(TimeSpan.FromSeconds(61));
        await LastingStores.ConnectAsync(second, "c", 1_000_000, delay: 60);

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_session_that_expired_while_no_process_ran_ends()
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 30);
        await first.Session("c").SubscribeAsync(connection.Epoch, [new SessionSubscription("t", Samples.Options())]);
        await first.Session("c").DeliverAsync([Samples.Entry("waits")]);
        await first.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        await using var second = await _stores.StartAsync(TimeSpan.FromSeconds(31));
        await second.RecoverAsync();
        await LastingStores.UntilAsync(second, () => Task.FromResult(_stores.Documents.Count == 1));

        Assert.Equal(["s"], _stores.Routes.All.Select(static r => r.Receiver));
        Assert.Empty(await _stores.ReadAsync("c"));
        Assert.False(await second.Session("c").DeliverAsync([Samples.Entry("late")]));
    }

    [Fact]
    public async Task A_client_that_is_back_before_recovery_reached_it_gets_its_session_and_its_will_is_published_before()
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 0);
        await first.Session("c").SubscribeAsync(connection.Epoch, [new SessionSubscription("t", Samples.Options())]);
        await first.Session("c").DeliverAsync([Samples.Entry("kept")]);
        await using var second = await _stores.StartAsync();
        var outcome = await second.Session("c").ConnectAsync(LastingStores.Request(second, "gateway of the second"));

        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.Equal((true, "t", 1), (outcome.SessionPresent, Assert.Single(outcome.Subscriptions).Filter, await second.Session("c").CountAsync()));
        // The connection that recovery finds is over; the one that is there is not harmed.
        await second.RecoverAsync();
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        Assert.True(await second.Session("c").OperateAsync(outcome.Epoch, []));
    }

    [Fact]
    public async Task A_client_that_is_back_before_recovery_reached_it_cancels_its_delayed_will()
    {
        await using var first = await _stores.StartFirstAsync();
        await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 60);
        await using var second = await _stores.StartAsync();
        var outcome = await second.Session("c").ConnectAsync(LastingStores.Request(second, "gateway of the second"));
        await second.RecoverAsync();

        Assert.True(outcome.SessionPresent);
        Assert.Empty(await _stores.ReadAsync("s"));
        Assert.DoesNotContain(await _stores.ReadDeadlinesAsync(), static d => d.ClientId == "c");
        // And the next end has no will to publish.
        await second.Session("c").DisconnectAsync(outcome.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Empty(await _stores.ReadAsync("s"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_between_publishing_a_will_and_noting_it_makes_no_second_copy(bool acknowledged)
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 1_000_000, delay: 0);
        // The end of the connection is stored; that the will is published is not.
        _stores.DocumentFaults.Next(Fault.None, Fault.BeforeWrite);
        await first.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
        await using var second = await _stores.StartAsync();
        if (acknowledged)
        {
            var subscriber = await second.Session("s").ConnectAsync(LastingStores.Request(second, Gateway));
            await second.Session("s").OperateAsync(subscriber.Epoch, [new SessionOperation(SessionOperationKind.Completed, 0)]);
        }
        await second.RecoverAsync();
        // Published again: whoever has no log to recognize it by gets it again, and it is noted this time.
        Assert.Empty(await _stores.ReadConnectionsAsync(Gateway));

        Assert.Equal(acknowledged ? [] : ["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task A_client_that_is_back_after_a_crash_between_the_end_of_its_connection_and_its_will_does_not_take_the_will_along()
    {
        await using var first = await _stores.StartFirstAsync();
        var connection = await LastingStores.ConnectAsync(first, "c", 1_000_000);
        // Written, and whoever waits for the answer dies.
        _stores.DocumentFaults.Next(Fault.AfterWrite);
        await first.Session("c").DisconnectAsync(connection.Epoch, new DisconnectRequest(PublishWill: true));
        Assert.Empty(await _stores.ReadAsync("s"));
        await using var second = await _stores.StartAsync();
        var back = await second.Session("c").ConnectAsync(LastingStores.Request(second, "gateway of the second"));

        Assert.True(back.SessionPresent);
        Assert.Equal(["bye"], await _stores.ReadAsync("s"));
    }

    [Fact]
    public async Task Members_of_shared_groups_are_away_until_they_are_back()
    {
        var key = new SharedGroupKey("g", "t", false);
        await using var first = await _stores.StartFirstAsync();
        await first.Topic(new TopicPartitions().Of("t")).ChangeAsync([Samples.Member("m", "t", Gateway)]);
        Assert.Equal(Gateway, Assert.Single(Replica(first).FindGroup(key)!.Members).Gateway);
        await using var second = await _stores.StartAsync();

        var member = Assert.Single(Replica(second).FindGroup(key)!.Members);
        Assert.Equal(("m", null, true), (member.ClientId, member.Gateway, member.Persistent));
    }

    private static RouteReplica Replica(TestSilo silo) => silo.Services.GetRequiredService<RouteReplica>();
}

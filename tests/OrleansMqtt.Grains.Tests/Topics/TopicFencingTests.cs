using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Topics;

/// <summary>What an activation of a topic grain does that was paused, and goes on when another one has its partition.</summary>
public sealed class TopicFencingTests
{
    private static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);
    private readonly LastingStores _stores = new();
    private readonly Guid _sender = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_route_that_it_still_stores_is_refused_and_the_caller_finds_the_other_one()
    {
        await using var first = await _stores.StartAsync(cluster: new LeaseTimes());
        var epoch = await EpochOfAsync(first);
        var held = _stores.Routes.HoldNext();
        var late = first.Topic(0).ChangeInOrderAsync(new RouteCall(_sender, epoch, 1), [Route("first")]);
        await held.Left.WaitAsync(HangGuard, Token);
        await using var second = await TakeOverAsync();
        await second.Topic(0).ChangeInOrderAsync(new RouteCall(_sender, await EpochOfAsync(second), 1), [Route("second")]);
        held.Release();

        await Assert.ThrowsAsync<TopicMovedException>(() => late.WaitAsync(HangGuard, Token));
        Assert.Equal("second", Assert.Single(_stores.Routes.All).Filter);
        // The activation has ended: the next one is another.
        var next = EpochOfAsync(first);
        await LastingStores.UntilAsync(first, () => Task.FromResult(next.IsCompleted));
        Assert.True(await next > epoch);
    }

    [Fact]
    public async Task A_retained_message_that_it_still_stores_is_refused_and_the_caller_finds_the_other_one()
    {
        await using var first = await _stores.StartAsync(cluster: new LeaseTimes());
        var held = _stores.Retained.HoldNext();
        var late = first.Topic(0).RetainAsync([Samples.Message("t", "first")]);
        await held.Left.WaitAsync(HangGuard, Token);
        await using var second = await TakeOverAsync();
        await second.Topic(0).RetainAsync([Samples.Message("t", "second")]);
        held.Release();

        await Assert.ThrowsAsync<TopicMovedException>(() => late.WaitAsync(HangGuard, Token));
        Assert.Equal("second", Assert.Single(_stores.Retained.All).Text());
    }

    [Fact]
    public async Task One_that_could_not_begin_makes_the_next_one_wait_for_no_leases()
    {
        await using var first = await _stores.StartAsync(cluster: new LeaseTimes());
        _stores.Routes.IsAway = true;
        await using var second = await _stores.StartAsync(cluster: new LeaseTimes(), waits: false);
        var call = EpochOfAsync(second);
        await LastingStores.UntilAsync(second, () => Task.FromResult(call.IsCompleted));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        _stores.Routes.IsAway = false;

        // The clock stands.
        await EpochOfAsync(second).WaitAsync(HangGuard, Token);
    }

    private async Task<TestSilo> TakeOverAsync()
    {
        var silo = await _stores.StartSuccessorAsync(new LeaseTimes());
        await EpochOfAsync(silo).WaitAsync(HangGuard, Token);
        return silo;
    }

    private Task<long> EpochOfAsync(TestSilo silo) => silo.Topic(0).ChangeInOrderAsync(new RouteCall(_sender, 0, 0), []);

    private static RouteChange Route(string filter) => RouteChanges.OfSession("c", filter, Samples.Options(), removed: false);
}

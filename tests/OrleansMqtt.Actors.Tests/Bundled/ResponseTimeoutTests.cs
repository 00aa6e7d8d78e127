using Orleans;
using Orleans.Configuration;
using OrleansMqtt.Actors.Tests.Support;
using OrleansMqtt.Actors.Tests.Turns;

namespace OrleansMqtt.Actors.Tests.Bundled;

internal interface ISlowGrain : IGrainWithStringKey
{
    [ResponseTimeout("00:02:00")]
    Task<string> Longer(string gate);

    [ResponseTimeout("00:00:01")]
    Task<string> Shorter(string gate);
}

internal sealed class SlowGrain : Grain, ISlowGrain
{
    public Task<string> Longer(string gate) => PassAsync(gate);

    public Task<string> Shorter(string gate) => PassAsync(gate);

    private static async Task<string> PassAsync(string gate)
    {
        await Gates.Of(gate).PassAsync();
        return gate;
    }
}

public class ResponseTimeoutTests
{
    [Fact]
    public async Task A_method_may_be_given_longer_than_others_and_not_shorter()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var timeout = new SiloMessagingOptions().ResponseTimeout;
        var (longer, shorter) = (Gates.NewName(), Gates.NewName());
        var slow = cluster.GrainFactory.GetGrain<ISlowGrain>("a").Longer(longer);
        var quick = cluster.GrainFactory.GetGrain<ISlowGrain>("b").Shorter(shorter);
        await Gates.Of(longer).ArrivalAsync();
        await Gates.Of(shorter).ArrivalAsync();

        time.Advance(0.9 * timeout);
        Gates.Of(shorter).Open();
        Assert.Equal(shorter, await quick);
        time.Advance(2 * timeout);
        Assert.False(slow.IsCompleted);
        time.Advance(2 * timeout);
        await Assert.ThrowsAsync<TimeoutException>(() => slow);
        Gates.Of(longer).Open();
    }

    [Fact]
    public async Task Calls_that_run_or_wait_too_long_fail_and_later_ones_are_served()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var timeout = new SiloMessagingOptions().ResponseTimeout;
        var grain = cluster.GrainFactory.GetGrain<ITurnGrain>("a", typeof(TurnGrain).FullName);
        var (first, second) = (Gates.NewName(), Gates.NewName());

        var running = grain.Pass(first);
        await Gates.Of(first).ArrivalAsync();
        var waiting = grain.Pass(second);
        time.Advance(0.9 * timeout);
        Assert.False(running.IsCompleted || waiting.IsCompleted);
        time.Advance(0.3 * timeout);

        await Assert.ThrowsAsync<TimeoutException>(() => running);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);

        // The grain is still busy with the first; the second was withdrawn.
        Gates.Of(first).Open();
        Gates.Of(second).Open();
        Assert.True(await grain.RunsOnOneScheduler());
        Assert.Equal(0, Gates.Of(second).Count);
    }
}

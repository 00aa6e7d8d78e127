using Orleans.Configuration;
using OrleansMqtt.Actors.Tests.Support;
using OrleansMqtt.Actors.Tests.Turns;

namespace OrleansMqtt.Actors.Tests.Bundled;

public class ResponseTimeoutTests
{
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

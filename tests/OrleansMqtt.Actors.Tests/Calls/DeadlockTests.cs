using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Calls;

internal interface ICycleGrain : IGrainWithStringKey
{
    /// <summary>Calls the next grain, which calls this one again.</summary>
    Task Call(int depth, string next);
}

internal sealed class CycleGrain : Grain, ICycleGrain
{
    public Task Call(int depth, string next) =>
        depth == 0 ? Task.CompletedTask : GrainFactory.GetGrain<ICycleGrain>(next).Call(depth - 1, this.GetPrimaryKeyString());
}

public class DeadlockTests
{
    [Fact]
    public async Task A_cycle_of_calls_ends_with_a_timeout()
    {
        await using var cluster = await Cluster.StartAsync<ShortTimeout>();
        var grain = cluster.GrainFactory.GetGrain<ICycleGrain>("a");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Call(2, "b"));

        // What timed out has not blocked the grain for good.
        await grain.Call(0, "");
    }

    internal sealed class ShortTimeout : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder) =>
            siloBuilder.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromMilliseconds(200));
    }
}

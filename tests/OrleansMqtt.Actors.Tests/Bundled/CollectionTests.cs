using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Activation;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

internal interface IStayingGrain : IGrainWithStringKey
{
    Task<int> CallsSoFar();

    Task Delay(TimeSpan time);
}

internal abstract class StayingGrainBase : Grain, IStayingGrain
{
    private int _calls;

    public Task<int> CallsSoFar() => Task.FromResult(++_calls);

    public Task Delay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

[KeepAlive]
internal sealed class KeptGrain : StayingGrainBase;

[CollectionAgeLimit(Minutes = 2)]
internal sealed class ShortLivedGrain : StayingGrainBase;

public class CollectionTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_grain_that_is_not_used_is_deactivated_after_its_collection_age()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<ILifetimeGrain>(Gates.NewName());
        Assert.Equal(1, await grain.Activation());

        time.Advance(14 * Minute);
        Assert.Equal(1, await grain.Activation());
        time.Advance(14 * Minute);
        Assert.Equal(1, await grain.Activation());
        time.Advance(17 * Minute);

        Assert.Equal(2, await grain.Activation());
        Assert.Equal(nameof(DeactivationReasonCode.ActivationIdle), await grain.Reasons());
    }

    [Theory]
    [InlineData(nameof(KeptGrain), 60, 2)]
    [InlineData(nameof(ShortLivedGrain), 4, 1)]
    public async Task A_class_says_how_long_its_grains_stay(string grainClass, int minutes, int callsSeen)
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = Grain(cluster, grainClass);
        Assert.Equal(1, await grain.CallsSoFar());

        time.Advance(minutes * Minute);

        Assert.Equal(callsSeen, await grain.CallsSoFar());
    }

    [Fact]
    public async Task A_grain_can_put_its_collection_off()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = Grain(cluster, nameof(ShortLivedGrain));
        Assert.Equal(1, await grain.CallsSoFar());
        await grain.Delay(30 * Minute);

        time.Advance(20 * Minute);
        Assert.Equal(2, await grain.CallsSoFar());
        time.Advance(20 * Minute);

        Assert.Equal(1, await grain.CallsSoFar());
    }

    private static IStayingGrain Grain(Orleans.TestingHost.TestCluster cluster, string grainClass) =>
        cluster.GrainFactory.GetGrain<IStayingGrain>(Gates.NewName(), typeof(KeptGrain).Namespace + "." + grainClass);
}

using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Observers;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>With Orleans these callers wait for their response time-out instead.</summary>
public class DeletedObserverTests
{
    [Fact]
    public async Task A_call_of_a_deleted_observer_fails_at_once()
    {
        await using var cluster = await Cluster.StartAsync();
        var observer = new NumberObserver();
        var reference = cluster.GrainFactory.CreateObjectReference<INumberObserver>(observer);
        var grain = cluster.GrainFactory.GetGrain<ITellerGrain>("a");
        await grain.Deliver(reference, 1);

        cluster.GrainFactory.DeleteObjectReference<INumberObserver>(reference);

        await Assert.ThrowsAsync<OrleansException>(() => grain.Deliver(reference, 1));
        Assert.Equal([0], observer.Numbers);
        Assert.Throws<ArgumentException>(() => cluster.GrainFactory.DeleteObjectReference<INumberObserver>(reference));
    }

    [Fact]
    public async Task Calls_of_one_caller_arrive_in_order()
    {
        await using var cluster = await Cluster.StartAsync();
        var observer = new NumberObserver();
        var reference = cluster.GrainFactory.CreateObjectReference<INumberObserver>(observer);

        await cluster.GrainFactory.GetGrain<ITellerGrain>("a").Tell(reference, 500);

        Assert.Equal(Enumerable.Range(0, 501), observer.Numbers);
    }
}

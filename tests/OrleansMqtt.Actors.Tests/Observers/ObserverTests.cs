using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Observers;

internal interface INumberObserver : IGrainObserver
{
    void Tell(int number);

    Task Deliver(int number);

    Task<int> Ask(int number);

    [AlwaysInterleave]
    Task Meet();
}

internal interface ITellerGrain : IGrainWithStringKey
{
    Task Deliver(INumberObserver observer, int count);

    Task DeliverAllAtOnce(INumberObserver observer, int count);

    Task Tell(INumberObserver observer, int count);

    Task Meet(INumberObserver observer);

    Task<int> Ask(INumberObserver observer, int number);

    Task<ITellerGrain> Self();
}

internal sealed class TellerGrain : Grain, ITellerGrain
{
    public async Task Deliver(INumberObserver observer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await observer.Deliver(i);
        }
    }

    public Task DeliverAllAtOnce(INumberObserver observer, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(observer.Deliver));

    public async Task Tell(INumberObserver observer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            observer.Tell(i);
        }

        await observer.Deliver(count);
    }

    public Task Meet(INumberObserver observer) => Task.WhenAll(observer.Meet(), observer.Meet());

    public Task<int> Ask(INumberObserver observer, int number) => observer.Ask(number);

    public Task<ITellerGrain> Self() => Task.FromResult(this.AsReference<ITellerGrain>());
}

internal sealed class NumberObserver : INumberObserver
{
    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _meeting;

    public List<int> Numbers { get; } = [];

    public int MostInside { get; private set; }

    public void Tell(int number) => Numbers.Add(number);

    public async Task Deliver(int number)
    {
        MostInside = Math.Max(MostInside, Interlocked.Increment(ref _inside));
        await Task.Yield();
        Numbers.Add(number);
        Interlocked.Decrement(ref _inside);
    }

    /// <summary>Returns when two are here.</summary>
    public Task Meet()
    {
        if (Interlocked.Increment(ref _meeting) == 2) _met.SetResult();
        return _met.Task;
    }

    public Task<int> Ask(int number) =>
        number < 0 ? throw new ArgumentOutOfRangeException(nameof(number)) : Task.FromResult(2 * number);
}

public class ObserverTests
{
    [Fact]
    public async Task A_grain_calls_an_object_of_the_client()
    {
        await using var cluster = await Cluster.StartAsync();
        var observer = new NumberObserver();
        var reference = cluster.GrainFactory.CreateObjectReference<INumberObserver>(observer);
        var grain = cluster.GrainFactory.GetGrain<ITellerGrain>("a");

        await grain.Deliver(reference, 10);

        Assert.Equal(Enumerable.Range(0, 10), observer.Numbers);
        Assert.Equal(8, await grain.Ask(reference, 4));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.Ask(reference, -1));
    }

    [Fact]
    public async Task Calls_of_one_observer_run_one_at_a_time()
    {
        await using var cluster = await Cluster.StartAsync();
        var observer = new NumberObserver();
        var reference = cluster.GrainFactory.CreateObjectReference<INumberObserver>(observer);

        await cluster.GrainFactory.GetGrain<ITellerGrain>("a").DeliverAllAtOnce(reference, 100);

        Assert.Equal(1, observer.MostInside);
        Assert.Equal(Enumerable.Range(0, 100), observer.Numbers.Order());
    }

    [Fact]
    public async Task Calls_that_always_interleave_wait_for_no_other()
    {
        await using var cluster = await Cluster.StartAsync();
        var reference = cluster.GrainFactory.CreateObjectReference<INumberObserver>(new NumberObserver());

        await cluster.GrainFactory.GetGrain<ITellerGrain>("a").Meet(reference);
    }

    [Fact]
    public async Task Grains_and_references_compare_by_identity()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ITellerGrain>("a");
        var self = await grain.Self();

        Assert.Equal(grain, self);
        Assert.Equal(grain.GetGrainId(), self.GetGrainId());
        Assert.NotEqual(grain, cluster.GrainFactory.GetGrain<ITellerGrain>("b"));
        Assert.Equal(grain.GetGrainId(), GrainId.Parse(grain.GetGrainId().ToString()));
    }
}

using Orleans;
using Orleans.Concurrency;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Turns;

internal interface ITurnGrain : IGrainWithStringKey
{
    /// <summary>Arrives at the gate and waits there.</summary>
    Task Pass(string gate);

    [AlwaysInterleave]
    Task PassInterleaving(string gate);

    [ReadOnly]
    Task PassReading(string gate);

    /// <summary>Counts how many turns overlap, over many turns; 1 if none do.</summary>
    [AlwaysInterleave]
    Task<int> CountOverlaps(int turns);

    Task<bool> RunsOnOneScheduler();
}

internal abstract class TurnGrainBase : Grain, ITurnGrain
{
    private int _inside;
    private int _mostInside;

    public Task Pass(string gate) => Gates.Of(gate).PassAsync();

    public Task PassInterleaving(string gate) => Gates.Of(gate).PassAsync();

    public Task PassReading(string gate) => Gates.Of(gate).PassAsync();

    public async Task<int> CountOverlaps(int turns)
    {
        for (var i = 0; i < turns; i++)
        {
            var inside = Interlocked.Increment(ref _inside);
            _mostInside = Math.Max(_mostInside, inside);
            Thread.SpinWait(20);
            Interlocked.Decrement(ref _inside);
            await Task.Yield();
        }

        return _mostInside;
    }

    public async Task<bool> RunsOnOneScheduler()
    {
        var before = TaskScheduler.Current;
        await Task.Run(static () => { });
        var started = await Task.Factory.StartNew(static () => TaskScheduler.Current);
        return before != TaskScheduler.Default && before == TaskScheduler.Current && before == started;
    }
}

internal sealed class TurnGrain : TurnGrainBase;

[Reentrant]
internal sealed class ReentrantTurnGrain : TurnGrainBase;

public class TurnTests
{
    [Theory]
    [InlineData(nameof(TurnGrain))]
    [InlineData(nameof(ReentrantTurnGrain))]
    public async Task Turns_of_interleaving_calls_never_overlap(string grainClass)
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = Grain(cluster, grainClass);

        var overlaps = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => grain.CountOverlaps(200))));

        Assert.All(overlaps, most => Assert.Equal(1, most));
    }

    [Fact]
    public async Task Continuations_and_tasks_of_a_grain_run_on_its_scheduler()
    {
        await using var cluster = await Cluster.StartAsync();

        Assert.True(await Grain(cluster, nameof(TurnGrain)).RunsOnOneScheduler());
    }

    [Fact]
    public async Task A_call_waits_until_the_one_before_has_completed()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = Grain(cluster, nameof(TurnGrain));
        var (first, second, probe) = (Gates.NewName(), Gates.NewName(), Gates.NewName());

        var one = grain.Pass(first);
        await Gates.Of(first).ArrivalAsync();
        var two = grain.Pass(second);
        Gates.Of(second).Open();

        // The probe is sent later and gets through: what the grain may start, it has started by then.
        Gates.Of(probe).Open();
        await grain.PassInterleaving(probe);
        Assert.Equal(0, Gates.Of(second).Count);

        Gates.Of(first).Open();
        await Task.WhenAll(one, two);
        Assert.Equal(1, Gates.Of(second).Count);
    }

    [Fact]
    public async Task Calls_of_a_reentrant_grain_interleave()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = Grain(cluster, nameof(ReentrantTurnGrain));
        var gate = Gates.NewName();

        var calls = Enumerable.Range(0, 3).Select(_ => grain.Pass(gate)).ToArray();
        await Gates.Of(gate).ArrivalsAsync(3);

        Gates.Of(gate).Open();
        await Task.WhenAll(calls);
    }

    [Fact]
    public async Task Read_only_calls_interleave_with_each_other_and_with_nothing_else()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = Grain(cluster, nameof(TurnGrain));
        var (readers, writer, probe) = (Gates.NewName(), Gates.NewName(), Gates.NewName());

        var one = grain.PassReading(readers);
        await Gates.Of(readers).ArrivalAsync();
        var write = grain.Pass(writer);
        var two = grain.PassReading(readers);
        await Gates.Of(readers).ArrivalAsync();
        Gates.Of(probe).Open();
        await grain.PassInterleaving(probe);
        Assert.Equal(0, Gates.Of(writer).Count);

        Gates.Of(readers).Open();
        await Task.WhenAll(one, two);
        await Gates.Of(writer).ArrivalAsync();
        Gates.Of(writer).Open();
        await write;
    }

    private static ITurnGrain Grain(Orleans.TestingHost.TestCluster cluster, string grainClass) =>
        cluster.GrainFactory.GetGrain<ITurnGrain>(Gates.NewName(), typeof(TurnGrain).Namespace + "." + grainClass);
}

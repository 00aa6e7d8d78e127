using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

internal interface ITimerGrain : IGrainWithStringKey
{
    Task Start(string gate, TimeSpan due, TimeSpan period, bool interleave);

    Task Change(TimeSpan due, TimeSpan period);

    Task Stop();

    Task Pass(string gate);

    Task StartFailing(string gate);

    Task Deactivate();
}

internal sealed class TimerGrain : Grain, ITimerGrain
{
    private IGrainTimer? _timer;

    public Task Start(string gate, TimeSpan due, TimeSpan period, bool interleave)
    {
        _timer = this.RegisterGrainTimer(
            static (gate, _) => Gates.Of(gate).PassAsync(), gate, new GrainTimerCreationOptions(due, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task StartFailing(string gate)
    {
        this.RegisterGrainTimer(
            () =>
            {
                Gates.Of(gate).Arrive();
                throw new InvalidOperationException("A tick fails.");
            },
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task Pass(string gate) => Gates.Of(gate).PassAsync();

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_each_period_after_the_last_tick_ended()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<ITimerGrain>("a");
        var gate = Gates.Of(Name(out var name));
        gate.Open();
        await grain.Start(name, 2 * Second, 3 * Second, interleave: false);

        time.Advance(1.9 * Second);
        await Settle(grain);
        Assert.Equal(0, gate.Count);
        time.Advance(0.1 * Second);
        await Settle(grain);
        Assert.Equal(1, gate.Count);
        time.Advance(3 * Second);
        await Settle(grain);
        Assert.Equal(2, gate.Count);

        await grain.Change(Second, Timeout.InfiniteTimeSpan);
        time.Advance(Second);
        await Settle(grain);
        time.Advance(10 * Second);
        await Settle(grain);
        Assert.Equal(3, gate.Count);
    }

    [Fact]
    public async Task A_tick_waits_for_the_call_that_runs_unless_it_may_interleave()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        foreach (var interleave in new[] { false, true })
        {
            var grain = cluster.GrainFactory.GetGrain<ITimerGrain>($"interleave {interleave}");
            var (ticks, busy) = (Gates.Of(Name(out var tick)), Gates.Of(Name(out var call)));
            ticks.Open();
            await grain.Start(tick, Second, Timeout.InfiniteTimeSpan, interleave);
            var running = grain.Pass(call);
            await busy.ArrivalAsync();

            time.Advance(Second);
            if (interleave)
            {
                await ticks.ArrivalAsync();
            }

            busy.Open();
            await running;
            await Settle(grain);
            Assert.Equal(1, ticks.Count);
        }
    }

    [Fact]
    public async Task A_timer_ends_when_it_is_disposed_and_with_its_activation()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<ITimerGrain>("a");
        var gate = Gates.Of(Name(out var name));
        gate.Open();

        await grain.Start(name, Second, Second, interleave: false);
        await grain.Stop();
        await grain.Start(name, Second, Second, interleave: false);
        await grain.Deactivate();
        await Settle(grain);
        time.Advance(5 * Second);
        await Settle(grain);

        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public async Task A_failing_tick_does_not_end_the_timer()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<ITimerGrain>("a");
        var gate = Gates.Of(Name(out var name));
        await grain.StartFailing(name);

        for (var tick = 1; tick <= 3; tick++)
        {
            time.Advance(Second);
            await Settle(grain);
            Assert.Equal(tick, gate.Count);
        }
    }

    private static string Name(out string name) => name = Gates.NewName();

    /// <summary>A call that comes after what was sent before has run.</summary>
    private static Task Settle(ITimerGrain grain)
    {
        var name = Gates.NewName();
        Gates.Of(name).Open();
        return grain.Pass(name);
    }
}

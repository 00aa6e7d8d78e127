using OrleansMqtt.TestingHost.Clocks;

namespace OrleansMqtt.TestingHost.Tests.Clocks;

public class PacedTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task One_step_is_short_however_long_the_process_stood_still()
    {
        await using var clock = new PacedTimeProvider(Timeout.InfiniteTimeSpan);
        var began = clock.GetTimestamp();
        clock.Step(TimeSpan.FromMilliseconds(7));
        Assert.Equal(TimeSpan.FromMilliseconds(7), clock.GetElapsedTime(began));
        clock.Step(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromMilliseconds(7) + PacedTimeProvider.LongestStep, clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task A_timer_fires_when_it_is_due_and_not_before()
    {
        await using var clock = new PacedTimeProvider(Timeout.InfiniteTimeSpan);
        var began = clock.GetTimestamp();
        var delay = Task.Delay(Second, clock, TestContext.Current.CancellationToken);
        while (clock.GetElapsedTime(began) + PacedTimeProvider.LongestStep < Second) clock.Step(PacedTimeProvider.LongestStep);
        Assert.False(delay.IsCompleted);
        clock.Step(PacedTimeProvider.LongestStep);
        await delay.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_periodic_timer_fires_until_it_is_disposed_of()
    {
        await using var clock = new PacedTimeProvider();
        using var fired = new SemaphoreSlim(0);
        await using (clock.CreateTimer(_ => fired.Release(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(10)))
            for (var i = 0; i < 3; i++) Assert.True(await fired.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_timer_that_was_changed_fires_at_the_new_time_only()
    {
        await using var clock = new PacedTimeProvider(Timeout.InfiniteTimeSpan);
        var (early, late) = (0, new TaskCompletionSource());
        await using var moved = clock.CreateTimer(_ => early++, null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        moved.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var last = clock.CreateTimer(_ => late.SetResult(), null, TimeSpan.FromMilliseconds(2), Timeout.InfiniteTimeSpan);
        clock.Step(PacedTimeProvider.LongestStep);
        await late.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(0, early);
    }
}

using OrleansMqtt.TestingHost.Clocks;

namespace OrleansMqtt.TestingHost.Tests.Clocks;

public class VirtualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Timers_are_called_in_order_each_at_its_time()
    {
        var clock = new VirtualTimeProvider();
        var calls = new List<(string, double)>();
        await using var periodic = clock.CreateTimer(_ => Note("periodic"), null, 2 * Second, 2 * Second);
        await using var single = clock.CreateTimer(_ => Note("single"), null, 3 * Second, Timeout.InfiniteTimeSpan);
        await AdvanceAsync(clock, 5 * Second);
        Assert.Equal([("periodic", 2.0), ("single", 3), ("periodic", 4)], calls);
        Assert.Equal(VirtualTimeProvider.Start + 5 * Second, clock.GetUtcNow());

        void Note(string name) => calls.Add((name, (clock.GetUtcNow() - VirtualTimeProvider.Start).TotalSeconds));
    }

    [Fact]
    public async Task It_stands_while_a_tick_is_being_handled()
    {
        var clock = new VirtualTimeProvider();
        await using var timer = clock.CreateTimer(_ => clock.TickBegan(), null, Second, Timeout.InfiniteTimeSpan);
        var advancing = AdvanceAsync(clock, 2 * Second);
        Assert.Equal((VirtualTimeProvider.Start + Second, false), (clock.GetUtcNow(), advancing.IsCompleted));
        await Assert.ThrowsAsync<InvalidOperationException>(() => AdvanceAsync(clock, Second));
        clock.TickEnded();
        await advancing;
        Assert.Equal(VirtualTimeProvider.Start + 2 * Second, clock.GetUtcNow());
    }

    [Fact]
    public async Task A_tick_that_never_ends_fails_the_wait()
    {
        var clock = new VirtualTimeProvider();
        await using var timer = clock.CreateTimer(_ => clock.TickBegan(), null, Second, Timeout.InfiniteTimeSpan);
        await Assert.ThrowsAsync<TimeoutException>(() => clock.AdvanceAsync(Second, TimeSpan.Zero, TestContext.Current.CancellationToken));
        clock.TickEnded();
        await AdvanceAsync(clock, Second);
    }

    private static Task AdvanceAsync(VirtualTimeProvider clock, TimeSpan by) => clock.AdvanceAsync(by, Guard, TestContext.Current.CancellationToken);
}

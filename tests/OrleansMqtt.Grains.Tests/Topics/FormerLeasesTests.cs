using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Topics;

public sealed class FormerLeasesTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(6);
    private readonly ManualTimeProvider _time = new();
    private readonly ManualFence _fence = new("a", "b", "c");
    private bool _isHome = true;

    private static Task Guarded(Task task) => task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    [Fact]
    public async Task They_are_over_when_each_silo_has_attached_or_is_gone()
    {
        var former = new FormerLeases(_fence, () => _isHome, Longest, _time);
        former.Attached("a");
        former.Attached("a");
        former.Attached("stranger");
        _fence.Bury("b");
        Assert.False(former.Over.IsCompleted);
        former.Attached("c");
        await Guarded(former.Over);
    }

    [Fact]
    public async Task They_are_over_when_the_last_one_dies()
    {
        var former = new FormerLeases(_fence, () => _isHome, Longest, _time);
        former.Attached("a");
        former.Attached("b");
        Assert.False(former.Over.IsCompleted);
        _fence.Bury("c");
        await Guarded(former.Over);
    }

    [Fact]
    public async Task They_are_over_after_the_time_of_a_lease_whoever_has_not_come()
    {
        var former = new FormerLeases(_fence, () => _isHome, Longest, _time);
        _time.Advance(Longest - TimeSpan.FromTicks(1));
        Assert.False(former.Over.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await Guarded(former.Over);
    }

    [Fact]
    public async Task Nobody_waits_in_an_activation_that_is_to_move()
    {
        var former = new FormerLeases(_fence, () => _isHome, Longest, _time);
        _isHome = false;
        _fence.Change();
        await Assert.ThrowsAsync<TopicMovedException>(() => Guarded(former.Over));
        Assert.False(former.AreOver);
    }

    [Fact]
    public async Task Nobody_waits_in_an_activation_that_has_ended()
    {
        var former = new FormerLeases(_fence, () => _isHome, Longest, _time);
        former.Abandon();
        await Assert.ThrowsAsync<TopicMovedException>(() => Guarded(former.Over));
        Assert.False(former.AreOver);
    }

    [Fact]
    public void Where_nobody_is_left_there_are_none() => Assert.True(new FormerLeases(new ManualFence(), () => true, Longest, _time).Over.IsCompleted);
}

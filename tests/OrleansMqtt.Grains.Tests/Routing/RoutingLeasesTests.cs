using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class RoutingLeasesTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RoutingLeases _leases;

    public RoutingLeasesTests() => _leases = new RoutingLeases(2, new LeaseTimes(), _time);

    [Fact]
    public void They_are_in_force_while_there_is_one_of_each_partition()
    {
        _leases.Extend(0, _time.GetTimestamp());
        Assert.False(_leases.AreInForce);
        _leases.Extend(1, _time.GetTimestamp());
        Assert.True(_leases.AreInForce);
        _time.Advance(TimeSpan.FromSeconds(1));
        _leases.Extend(0, _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_leases.AreInForce);
    }

    [Fact]
    public void An_answer_that_was_on_its_way_when_one_was_revoked_does_not_extend_it()
    {
        var asked = _time.GetTimestamp();
        _leases.Extend(1, asked);
        _leases.Revoke(0);
        _leases.Extend(0, asked);
        Assert.False(_leases.AreInForce);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _leases.Extend(0, _time.GetTimestamp());
        Assert.True(_leases.AreInForce);
    }

    [Fact]
    public async Task Who_waits_goes_on_when_the_last_one_has_come()
    {
        _leases.Extend(0, _time.GetTimestamp());
        var waiting = _leases.AwaitAsync(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        _leases.Extend(1, _time.GetTimestamp());
        Assert.True(await waiting);
        Assert.True(await _leases.AwaitAsync(TimeSpan.Zero));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_his_patience()
    {
        var waiting = _leases.AwaitAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await waiting);
    }

    [Fact]
    public async Task Nobody_waits_in_a_silo_that_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var leases = new RoutingLeases(2, new LeaseTimes(), _time, leaving: leaving.Token);
        var waiting = leases.AwaitAsync(TimeSpan.FromSeconds(1));
        await leaving.CancelAsync();
        Assert.False(await waiting);
    }

    [Fact]
    public void A_silo_that_may_be_dead_for_the_others_routes_nothing()
    {
        var (fence, times) = (new ManualFence(), new LeaseTimes());
        var leases = new RoutingLeases(1, times, _time, fence);
        leases.Extend(0, _time.GetTimestamp());
        Assert.True(leases.AreInForce);
        fence.IsHeld = false;
        Assert.False(leases.AreInForce);
        fence.IsHeld = true;
        _time.Advance(times.FencedReplica - TimeSpan.FromTicks(1));
        Assert.True(leases.AreInForce);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(leases.AreInForce);
    }

    [Fact]
    public void An_embedded_broker_needs_none() => Assert.True(new RoutingLeases().AreInForce);
}

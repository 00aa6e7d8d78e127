using System.Net;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Membership.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

public sealed class FencedMembershipTests
{
    private readonly MachineCluster _cluster = new();

    [Fact]
    public void Whoever_is_known_to_be_dead_has_stopped_serving_before()
    {
        var machines = _cluster.Start(3);
        var fences = machines.Select(static machine => new FencedMembership(() => machine.Agent)).ToArray();
        foreach (var fence in fences) fence.Observe(machines[0].Agent.Current);
        Assert.Equal(machines.Select(static machine => machine.Silo.ToString()).Order(), fences[1].Silos.Order());
        machines[0].Table.Cut();
        for (var i = 0; i < 100 && !fences[1].IsDead(machines[0].Silo.ToString()); i++)
        {
            Assert.False(fences[1].IsDead(machines[2].Silo.ToString()));
            _cluster.Pass(MachineCluster.Tick);
        }

        Assert.True(fences[1].IsDead(machines[0].Silo.ToString()));
        Assert.DoesNotContain(machines[0].Silo.ToString(), fences[1].Silos);
        Assert.False(fences[0].HoldsLease);
        Assert.True(fences[1].HoldsLease);
    }

    [Fact]
    public void Whoever_was_never_seen_is_not_dead()
    {
        var machine = _cluster.Start(1)[0];
        var fence = new FencedMembership(() => machine.Agent);
        var joining = SiloAddress.New(IPAddress.Loopback, 200, 1).ToString();
        Assert.False(fence.IsDead(joining));
        fence.Observe(machine.Agent.Current);
        Assert.False(fence.IsDead(joining));
    }

    [Fact]
    public void Each_view_is_a_change()
    {
        var machine = _cluster.Start(1)[0];
        var fence = new FencedMembership(() => machine.Agent);
        var changed = fence.Changed;
        Assert.False(changed.IsCompleted);
        fence.Observe(machine.Agent.Current);
        Assert.True(changed.IsCompleted);
        Assert.False(fence.Changed.IsCompleted);
    }

    [Fact]
    public void Before_the_silo_has_joined_it_holds_nothing() => Assert.False(new FencedMembership(static () => null).HoldsLease);
}

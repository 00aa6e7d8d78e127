using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Membership.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

/// <summary>Joining, handing over, leaving. The lease is 2 seconds, a silo's own 1.8.</summary>
public class MembershipAgentTests
{
    private readonly MachineCluster _cluster = new();

    [Fact]
    public void A_silo_that_joins_alone_owns_every_grain()
    {
        var machines = _cluster.Start(1);

        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines);
        Assert.Equal([1L, 2L], machines[0].Views.Where(static version => version > 0));
    }

    [Fact]
    public void Silos_that_join_at_once_share_the_grains()
    {
        var machines = _cluster.Start(5);

        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines);
        Assert.All(machines, static machine => Assert.Contains(MachineCluster.Grains, grain => machine.Agent.Owns(grain)));
    }

    [Fact]
    public void A_newcomer_owns_nothing_until_the_others_have_handed_over()
    {
        var old = _cluster.Start(1)[0];
        var handOver = new TaskCompletionSource();
        old.HandOver = handOver.Task;
        var newcomer = _cluster.Add(200);
        newcomer.Join();
        _cluster.Pass(TimeSpan.FromSeconds(10));

        var moving = MachineCluster.Grains.Where(grain => newcomer.Silo.Equals(newcomer.Agent.Current.Placement.Of(grain))).ToArray();
        Assert.Equal((SiloStatus.Active, SiloStatus.Active), (newcomer.Status, old.Status));
        Assert.NotEmpty(moving);
        Assert.All(moving, grain => Assert.Equal(GrainOwnership.Pending, newcomer.Agent.OwnershipOf(grain)));
        Assert.False(newcomer.Agent.Settled.IsCompleted);
        // What stays is served all the while.
        Assert.All(MachineCluster.Grains.Except(moving), grain => Assert.True(old.Agent.Owns(grain)));

        handOver.SetResult();
        _cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.All(moving, grain => Assert.True(newcomer.Agent.Owns(grain)));
    }

    [Fact]
    public void A_grain_that_all_others_have_released_need_not_wait_for_those_that_they_have_not()
    {
        var machines = _cluster.Start(2);
        var handOver = new TaskCompletionSource();
        machines[0].HandOver = handOver.Task;
        var newcomer = _cluster.Add(200);
        newcomer.Join();
        _cluster.Pass(TimeSpan.FromSeconds(3));
        var moving = _cluster.Released(newcomer);
        var (first, others) = (moving[0], moving[1..]);
        newcomer.Agent.Grant(newcomer.Agent.Current.Version - 1, others);
        newcomer.Agent.Grant(newcomer.Agent.Current.Version, [first]);

        Assert.True(newcomer.Agent.Owns(first));
        Assert.All(others, grain => Assert.Equal(GrainOwnership.Pending, newcomer.Agent.OwnershipOf(grain)));
        // It keeps it through the next view, in which it wins it again, and whatever it does not win there it has lost.
        newcomer.Agent.Grant(newcomer.Agent.Current.Version, others);
        var later = _cluster.Add(300);
        later.Join();
        _cluster.Pass(TimeSpan.FromSeconds(3));
        var kept = moving.Where(grain => newcomer.Silo.Equals(newcomer.Agent.Current.Placement.Of(grain))).ToArray();
        Assert.NotEmpty(kept);
        Assert.NotEqual(moving.Length, kept.Length);
        Assert.All(moving, grain => Assert.Equal(kept.Contains(grain), newcomer.Agent.Owns(grain)));

        handOver.SetResult();
        _cluster.Pass(TimeSpan.FromSeconds(1));
        MachineCluster.AssertEachGrainHasAnOwnerAmong([.. machines, newcomer, later]);
    }

    [Fact]
    public void Of_a_silo_that_shuts_down_nothing_is_taken_over_before_it_has_handed_over()
    {
        var machines = _cluster.Start(3);
        var leaving = machines[0];
        var moving = MachineCluster.Grains.Where(grain => leaving.Agent.Owns(grain)).ToArray();
        var handOver = new TaskCompletionSource();
        leaving.HandOver = handOver.Task;
        leaving.Leave();
        _cluster.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(SiloStatus.ShuttingDown, machines[1].Agent.Current.StatusOf(leaving.Silo));
        Assert.True(leaving.Agent.HoldsLease);
        Assert.All(moving, grain => Assert.DoesNotContain(machines, machine => machine.Agent.Owns(grain)));

        handOver.SetResult();
        _cluster.Pass(TimeSpan.FromSeconds(1));
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1..]);
    }

    [Fact]
    public async Task A_silo_that_leaves_is_dead_at_once_and_has_not_failed()
    {
        var machines = _cluster.Start(2);
        var left = machines[0].Agent.LeaveAsync(TestContext.Current.CancellationToken);
        _cluster.Pass(MachineCluster.Tick);
        await left;

        var row = (await _cluster.Table.ReadAll()).TryGet(machines[0].Silo)!.Item1;
        Assert.Equal((SiloStatus.Dead, null), (row.Status, row.SuspectTimes));
        Assert.False(machines[0].Agent.HoldsLease);
        Assert.Empty(machines[0].Events);
        _cluster.Pass(TimeSpan.FromSeconds(1));
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1]);
    }

    [Fact]
    public void A_silo_takes_no_calls_any_more_before_its_row_says_that_it_has_left()
    {
        var machines = _cluster.Start(2);
        machines[0].Table.Faults = access => access == "update" && machines[0].Status == SiloStatus.ShuttingDown ? TableFault.HangBefore : TableFault.None;
        machines[0].Leave();
        _cluster.Pass(TimeSpan.FromSeconds(0.6));

        Assert.True(machines[0].Table.Hanging > 0);
        Assert.Equal(SiloStatus.ShuttingDown, machines[1].Agent.Current.StatusOf(machines[0].Silo));
        Assert.False(machines[0].Agent.HoldsLease);
    }

    [Fact]
    public void A_view_that_cannot_be_applied_ends_the_membership()
    {
        var machines = _cluster.Start(2);
        machines[0].HandOver = Task.FromException(new InvalidOperationException("Injected."));
        _cluster.Add(200).Join();
        _cluster.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(["ended"], machines[0].Events);
        Assert.False(machines[0].Agent.HoldsLease);
        _cluster.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(SiloStatus.Dead, machines[1].Agent.Current.StatusOf(machines[0].Silo));
    }

    [Fact]
    public void An_earlier_run_at_the_same_end_point_is_declared_dead_at_once()
    {
        var machines = _cluster.Start(2);
        machines[0].Kill();
        var next = _cluster.Add(machines[0].Silo.Endpoint.Port, generation: 2);
        next.Join();
        _cluster.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(SiloStatus.Dead, machines[1].Agent.Current.StatusOf(machines[0].Silo));
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1], next);
    }

    [Fact]
    public async Task An_earlier_run_does_not_join_beside_a_later_one()
    {
        _cluster.Add(100, generation: 7).Join();
        var late = _cluster.Add(100, generation: 6);
        var exception = await Assert.ThrowsAsync<OrleansException>(late.JoinAsync);

        Assert.Equal("A later run of this silo, S127.0.0.1:100:7, is in the membership table.", exception.Message);
    }

    [Fact]
    public async Task Joining_is_given_up_when_the_time_for_it_is_over()
    {
        var machine = _cluster.Add(100);
        machine.Table.Cut();
        var joining = machine.JoinAsync();
        _cluster.Pass(TimeSpan.FromMinutes(5) + MachineCluster.Tick);
        var exception = await Assert.ThrowsAsync<OrleansException>(() => joining);

        Assert.Equal("The silo could not join its cluster within 00:05:00. Injected: not reached.", exception.Message);
    }

    [Fact]
    public async Task A_newer_view_is_waited_for_and_views_come_in_order()
    {
        var machines = _cluster.Start(1);
        var version = machines[0].Agent.Current.Version;
        var newer = machines[0].Agent.AtLeastAsync(version + 2, TestContext.Current.CancellationToken);
        Assert.False(newer.IsCompleted);
        _cluster.Add(200).Join();
        // The newcomer's row was written twice within Join; no time has gone by.
        machines[0].Agent.Refresh();

        Assert.Equal(version + 2, (await newer).Version);
        Assert.Equal(version + 2, (await machines[0].Agent.AtLeastAsync(version, TestContext.Current.CancellationToken)).Version);
        Assert.Equal(machines[0].Views.Order(), machines[0].Views);
    }

    [Fact]
    public async Task Who_waits_for_a_view_learns_that_none_will_come()
    {
        var machines = _cluster.Start(1);
        var newer = machines[0].Agent.AtLeastAsync(1000, TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource();
        var canceled = machines[0].Agent.AtLeastAsync(1000, source.Token);
        await source.CancelAsync();
        machines[0].Kill();

        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await newer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await canceled);
        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await machines[0].Agent.AtLeastAsync(1000, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Long_dead_silos_are_forgotten()
    {
        var machines = _cluster.Start(2);
        machines[0].Leave();
        _cluster.Pass(MachineCluster.Tick);
        _cluster.World.Advance(TimeSpan.FromDays(6));
        Assert.NotNull((await _cluster.Table.ReadAll()).TryGet(machines[0].Silo));
        _cluster.World.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(2));

        Assert.Equal([machines[1].Silo], (await _cluster.Table.ReadAll()).Members.Select(static row => row.Item1.SiloAddress));
        Assert.True(machines[1].Agent.HoldsLease);
    }
}

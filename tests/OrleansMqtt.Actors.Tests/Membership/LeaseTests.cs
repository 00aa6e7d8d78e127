using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Membership.Support;

namespace OrleansMqtt.Actors.Tests.Membership;

/// <summary>Who counts as dead, and who does not. The lease is 2 seconds, a silo's own 1.8.</summary>
public class LeaseTests
{
    private readonly MachineCluster _cluster = new();

    [Fact]
    public void A_silo_that_is_killed_is_declared_dead_when_its_lease_is_over_and_not_before()
    {
        var machines = _cluster.Start(3);
        machines[0].Kill();
        // Its latest heartbeat is at most half a second old.
        _cluster.Pass(TimeSpan.FromSeconds(1.5));
        Assert.Equal(SiloStatus.Active, machines[1].Agent.Current.StatusOf(machines[0].Silo));
        machines[1].Agent.Refresh();
        Assert.Equal(SiloStatus.Active, machines[1].Agent.Current.StatusOf(machines[0].Silo));

        _cluster.Pass(TimeSpan.FromSeconds(1.5));
        Assert.All(machines[1..], machine => Assert.Equal(SiloStatus.Dead, machine.Agent.Current.StatusOf(machines[0].Silo)));
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1..]);
    }

    [Fact]
    public void All_know_of_a_death_a_moment_after_the_lease_is_over()
    {
        var machines = _cluster.Start(3);
        machines[0].Kill();
        // Seen after half a second at the latest, unchanged for two; then each reads, and confirms, every tenth of a second.
        _cluster.Pass(TimeSpan.FromSeconds(2.9));
        Assert.All(machines[1..], machine => Assert.Equal(SiloStatus.Dead, machine.Agent.Current.StatusOf(machines[0].Silo)));
        Assert.All(machines[1..], static machine => Assert.True(machine.Agent.Settled.IsCompletedSuccessfully));
    }

    [Fact]
    public void A_silo_that_was_paused_past_its_lease_finds_itself_dead_and_never_serves()
    {
        var machines = _cluster.Start(3);
        machines[0].Time.Pause();
        _cluster.Pass(TimeSpan.FromSeconds(5));
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1..]);
        Assert.False(machines[0].Agent.HoldsLease);

        machines[0].Time.Resume();
        _cluster.Pass(MachineCluster.Tick);
        Assert.True(machines[0].HasEnded);
        Assert.False(machines[0].Agent.HoldsLease);
    }

    [Fact]
    public void A_silo_that_is_paused_again_and_again_short_of_its_lease_lives()
    {
        var machines = _cluster.Start(3);
        for (var i = 0; i < 20; i++)
        {
            machines[0].Time.Pause();
            _cluster.Pass(TimeSpan.FromSeconds(1.3));
            machines[0].Time.Resume();
            _cluster.Pass(TimeSpan.FromSeconds(0.1));
        }

        Assert.Empty(machines[0].Events);
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines);
    }

    [Fact]
    public void Whom_the_store_is_away_for_is_declared_dead_by_the_others()
    {
        var machines = _cluster.Start(3);
        machines[0].Table.Cut();
        _cluster.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(["suspended"], machines[0].Events);
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1..]);

        machines[0].Table.Heal();
        _cluster.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal(["suspended", "ended"], machines[0].Events);
    }

    [Fact]
    public void Who_can_only_read_learns_that_it_is_dead()
    {
        var machines = _cluster.Start(3);
        machines[0].Table.Faults = static access => access == "read" ? TableFault.None : TableFault.Before;
        _cluster.Pass(TimeSpan.FromSeconds(4));

        Assert.Equal(["suspended", "ended"], machines[0].Events);
    }

    public static TheoryData<int, bool> Outages() =>
        new MatrixTheoryData<int, bool>([100, 500, 900, 1000, 1100, 1500, 1700, 1900, 2000, 2500, 3000, 7000, 60_000], [false, true]);

    [Theory]
    [MemberData(nameof(Outages))]
    public void Nobody_is_declared_dead_when_the_store_is_away_for_everybody(int milliseconds, bool isHanging)
    {
        for (var phase = 0; phase < 600; phase += 50)
        {
            var cluster = new MachineCluster();
            var machines = cluster.Start(3);
            cluster.Pass(TimeSpan.FromMilliseconds(phase));
            foreach (var machine in machines)
            {
                machine.Table.Faults = _ => isHanging ? TableFault.HangBefore : TableFault.Before;
            }

            cluster.Pass(TimeSpan.FromMilliseconds(milliseconds));
            if (milliseconds >= 1900)
            {
                Assert.All(machines, static machine => Assert.Equal(["suspended"], machine.Events));
            }

            Assert.All(machines, static machine => machine.Table.Heal());
            cluster.Pass(TimeSpan.FromSeconds(4));
            Assert.All(machines, static machine => Assert.False(machine.HasEnded));
            Assert.All(machines, static machine => Assert.Equal(0, machine.Events.Count % 2));
            MachineCluster.AssertEachGrainHasAnOwnerAmong(machines);
        }
    }

    [Fact]
    public async Task Of_two_that_declare_the_same_silo_dead_at_once_one_does()
    {
        var machines = _cluster.Start(3);
        var version = (await _cluster.Table.ReadAll()).Version.Version;
        machines[0].Kill();
        foreach (var machine in machines[1..])
        {
            machine.Table.Faults = static access => access == "update" ? TableFault.HangBefore : TableFault.None;
        }

        for (var i = 0; i < 100 && machines[1..].Any(static machine => machine.Table.Hanging == 0); i++)
        {
            _cluster.Pass(MachineCluster.Tick);
        }

        Assert.All(machines[1..], static machine => Assert.True(machine.Table.Hanging > 0));
        foreach (var machine in machines[1..])
        {
            machine.Table.ReleaseAll();
            machine.Table.Heal();
        }

        _cluster.Pass(TimeSpan.FromSeconds(1));
        var table = await _cluster.Table.ReadAll();
        Assert.Equal(version + 1, table.Version.Version);
        Assert.Single(table.TryGet(machines[0].Silo)!.Item1.SuspectTimes!);
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines[1..]);
    }

    [Fact]
    public void A_declaration_that_comes_after_the_silo_has_renewed_is_refused()
    {
        var machines = _cluster.Start(2);
        machines[1].Table.Faults = static access => access == "update" ? TableFault.HangBefore : TableFault.None;
        machines[0].Time.Pause();
        _cluster.Pass(TimeSpan.FromSeconds(2.5));
        Assert.True(machines[1].Table.Hanging > 0);

        machines[0].Time.Resume();
        _cluster.Pass(TimeSpan.FromSeconds(0.2));
        Assert.True(machines[0].Agent.HoldsLease);
        machines[1].Table.ReleaseAll();
        machines[1].Table.Heal();
        _cluster.Pass(TimeSpan.FromSeconds(3));

        Assert.Equal(["suspended", "resumed"], machines[0].Events);
        MachineCluster.AssertEachGrainHasAnOwnerAmong(machines);
    }

    [Fact]
    public void The_lease_counts_from_before_the_heartbeat_was_sent()
    {
        var machine = _cluster.Start(1)[0];
        machine.Table.Faults = static access => access == "heartbeat" ? TableFault.HangAfter : TableFault.None;
        while (machine.Table.Hanging == 0)
        {
            _cluster.World.Advance(TimeSpan.FromMilliseconds(1));
        }

        var sent = _cluster.World.GetTimestamp();
        _cluster.World.Advance(TimeSpan.FromMilliseconds(300));
        machine.Table.Release(0);
        machine.Table.Cut();
        _cluster.World.Advance(TimeSpan.FromTicks(sent - _cluster.World.GetTimestamp()) + TimeSpan.FromSeconds(1.8) - TimeSpan.FromTicks(1));
        Assert.True(machine.Agent.HoldsLease);
        _cluster.World.Advance(TimeSpan.FromTicks(1));
        Assert.False(machine.Agent.HoldsLease);
    }

    [Fact]
    public async Task A_silo_whose_row_is_gone_ends()
    {
        var machine = _cluster.Start(1)[0];
        var before = await _cluster.Table.ReadAll();
        await _cluster.Table.DeleteMembershipTableEntries("");
        // As far as before, so that the version tells nothing.
        for (var version = 0; version < before.Version.Version; version++)
        {
            var table = await _cluster.Table.ReadAll();
            await _cluster.Table.InsertRow(
                new() { SiloAddress = SiloAddress.New(machine.Silo.Endpoint.Address, 900 + version, 1), SiloName = "other", HostName = "" }, table.Version.Next());
        }

        _cluster.World.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["ended"], machine.Events);
        Assert.False(machine.Agent.HoldsLease);
    }

    [Fact]
    public async Task A_silo_that_relied_on_writes_that_the_table_has_lost_ends()
    {
        var machine = _cluster.Start(1)[0];
        await _cluster.Table.DeleteMembershipTableEntries("");
        var row = new Orleans.MembershipEntry { SiloAddress = machine.Silo, Status = SiloStatus.Active, SiloName = "silo", HostName = "" };
        await _cluster.Table.InsertRow(row, (await _cluster.Table.ReadAll()).Version.Next());
        _cluster.World.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["ended"], machine.Events);
        Assert.False(machine.Agent.HoldsLease);
    }

    [Fact]
    public void Asking_for_the_lease_costs_no_memory()
    {
        var agent = _cluster.Start(3)[0].Agent;
        var grain = MachineCluster.Grains[0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        for (var i = 0; i < 1000; i++)
        {
            count += agent.Owns(grain) ? 1 : 0;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(count is 0 or 1000);
    }
}

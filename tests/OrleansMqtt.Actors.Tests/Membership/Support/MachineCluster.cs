using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Membership.Support;

/// <summary>Machines around one table, all within the test's thread.</summary>
internal sealed class MachineCluster
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    public static GrainId[] Grains { get; } = [.. Enumerable.Range(0, 100).Select(static i => GrainId.Create(i % 2 == 0 ? "session" : "meter", $"client-{i}"))];

    public ManualTime World { get; } = new();

    public MemoryMembershipTable Table { get; } = new();

    public List<Machine> Machines { get; } = [];

    public Machine Add(int port, int generation = 1, double rate = 1, string manifest = "")
    {
        var machine = new Machine(World, Table, port, generation, rate, manifest: manifest);
        Machines.Add(machine);
        return machine;
    }

    /// <summary>Starts so many, and lets them become active and settled.</summary>
    public Machine[] Start(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(100 + i).Join();
        }

        Pass(TimeSpan.FromSeconds(3));
        Assert.All(Machines, static machine => Assert.Equal(SiloStatus.Active, machine.Status));
        Assert.All(Machines, static machine => Assert.True(machine.Agent.Settled.IsCompletedSuccessfully && machine.Agent.HoldsLease));
        return [.. Machines];
    }

    /// <summary>Lets time go by in small steps, with the invariant checked after each.</summary>
    public void Pass(TimeSpan time)
    {
        // What waits goes on where it is completed, not on another thread.
        SynchronizationContext.SetSynchronizationContext(null);
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            World.Advance(Tick);
            AssertNoGrainIsOwnedTwice();
        }
    }

    /// <summary>What the others say, if they can, when a machine asks for grains that are pending: those that all of them have released.</summary>
    public GrainId[] Released(Machine asking)
    {
        var view = asking.Agent.Current;
        var asked = view.Members.Where(member => member.Status != SiloStatus.Joining && !member.Address.Equals(asking.Silo)).Select(member => Machines.Find(machine => machine.Silo.Equals(member.Address))!).ToList();
        return [.. Grains.Where(grain => asking.Agent.OwnershipOf(grain) == GrainOwnership.Pending && asked.TrueForAll(machine => HasReleased(machine, view.Version, grain)))];
    }

    private static bool HasReleased(Machine machine, long version, GrainId grain) =>
        machine is { Time: { IsDead: false, IsPaused: false }, HasEnded: false } && machine.Agent.Current.Version == version && machine.Agent.OwnershipOf(grain) == GrainOwnership.Elsewhere;

    public void AssertNoGrainIsOwnedTwice()
    {
        var holders = Machines.Where(static machine => !machine.Time.IsDead && machine.Agent.HoldsLease).ToArray();
        foreach (var grain in Grains)
        {
            Machine? owner = null;
            foreach (var machine in holders)
            {
                if (machine.Agent.OwnershipOf(grain) != GrainOwnership.Owned)
                {
                    continue;
                }

                Assert.True(owner is null, $"{grain} is owned by {owner?.Silo} in {owner?.Agent.Current} and by {machine.Silo} in {machine.Agent.Current}.");
                owner = machine;
            }
        }
    }

    public static void AssertEachGrainHasAnOwnerAmong(params Machine[] machines) =>
        Assert.All(Grains, grain => Assert.Single(machines, machine => machine.Agent.Owns(grain)));
}

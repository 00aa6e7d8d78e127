using System.Collections.Immutable;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Tests.Simulation;

/// <summary>What a silo reads of the membership table.</summary>
internal sealed record TableReading(int Version, ImmutableDictionary<string, long> Heartbeats);

/// <summary>
/// The table of a cluster whose silos fence themselves: each heartbeat is the silo's right to serve for a time, and who sees it unchanged for longer declares the silo dead. The runtime's own is tested where it
/// is; this one does what an <see cref="ISiloFence"/> promises.
/// </summary>
internal sealed class SimulatedMembership(Cluster cluster)
{
    private readonly Node _table = new("membership table");

    /// <summary>What stands in the table now.</summary>
    public TableReading Table { get; private set; } = new(0, ImmutableDictionary<string, long>.Empty);

    /// <summary>A silo becomes a member.</summary>
    public SimulatedFence Join(SimulatedSilo silo)
    {
        Table = new TableReading(Table.Version + 1, Table.Heartbeats.Add(silo.SiloAddress.ToString(), 0));
        return new SimulatedFence(cluster, this, silo);
    }

    public bool IsMember(SimulatedSilo silo) => Table.Heartbeats.ContainsKey(silo.SiloAddress.ToString());

    /// <summary>A silo that gets a grain knows the view by which it does.</summary>
    public void Show(SimulatedSilo silo) => silo.Fence!.Apply(Table);

    /// <summary>A heartbeat, answered with the table.</summary>
    public Task<TableReading> BeatAsync(SimulatedSilo silo, long heartbeat) => AccessAsync(silo, () =>
    {
        var name = silo.SiloAddress.ToString();
        if (Table.Heartbeats.TryGetValue(name, out var known) && known < heartbeat) Table = Table with { Heartbeats = Table.Heartbeats.SetItem(name, heartbeat) };
        return Table;
    });

    /// <summary>A silo is declared dead, if its heartbeat is still the one that was seen.</summary>
    public Task<TableReading> DeclareDeadAsync(SimulatedSilo by, string silo, long heartbeat) => AccessAsync(by, () =>
    {
        if (!IsMember(by) || !Table.Heartbeats.TryGetValue(silo, out var known) || known != heartbeat) return Table;
        Assert.False(cluster.Silos.Single(one => one.SiloAddress.ToString() == silo).Fence!.IsHeld, "the simulation's membership keeps its promise");
        return Table = new TableReading(Table.Version + 1, Table.Heartbeats.Remove(silo));
    });

    private Task<TableReading> AccessAsync(SimulatedSilo silo, Func<TableReading> access) =>
        cluster.Network.CallAsync(silo, () => IsCutOff(silo) ? null : _table, () => Task.FromResult(access()));

    private bool IsCutOff(SimulatedSilo silo) => cluster.Network.IsHostile && silo.CutFromTableUntil > cluster.Time.GetTimestamp();
}

using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Placement;

namespace OrleansMqtt.Actors.Membership;

/// <summary>A silo that lives.</summary>
/// <param name="Address">Which silo, and which run of it.</param>
/// <param name="Status"><see cref="SiloStatus.Joining"/>, <see cref="SiloStatus.Active"/> or <see cref="SiloStatus.ShuttingDown"/>.</param>
/// <param name="Name">Its name.</param>
/// <param name="ProxyPort">Its port for clients; 0: none.</param>
/// <param name="Manifest">Its grain types, as <see cref="GrainManifest"/> writes them; null: it does not say.</param>
internal sealed record ClusterMember(SiloAddress Address, SiloStatus Status, string Name, int ProxyPort, string? Manifest);

/// <summary>Who lives, as of one version of the table.</summary>
internal sealed class MembershipView
{
    /// <summary>Before anything has been read.</summary>
    public static readonly MembershipView None = new(-1, [], []);

    private readonly ImmutableArray<SiloAddress> _declaredDead;

    private MembershipView(long version, ImmutableArray<ClusterMember> members, ImmutableArray<SiloAddress> declaredDead)
    {
        Version = version;
        Members = members;
        _declaredDead = declaredDead;
        Placement = new RendezvousPlacement(members.Where(static member => member.Status == SiloStatus.Active).Select(static member => new PlacedSilo(member.Address, member.Manifest)));
    }

    /// <summary>The table's version; -1: nothing has been read yet.</summary>
    public long Version { get; }

    /// <summary>The silos that live. The dead are left out.</summary>
    public ImmutableArray<ClusterMember> Members { get; }

    /// <summary>Places grains on the active silos.</summary>
    public RendezvousPlacement Placement { get; }

    public static MembershipView From(MembershipTableData table) => new(table.Version.Version,
    [
        .. table.Members.Select(static row => row.Item1)
            .Select(static entry => new ClusterMember(entry.SiloAddress, Alive(entry.Status), entry.SiloName, entry.ProxyPort, entry.RoleName))
            .Where(static member => member.Status != SiloStatus.Dead),
    ],
    [.. table.Members.Select(static row => row.Item1).Where(static entry => entry is { Status: SiloStatus.Dead, SuspectTimes.Count: > 0 }).Select(static entry => entry.SiloAddress)]);

    /// <summary>Whether others have declared a silo dead; false for one that has left in good order.</summary>
    public bool WasDeclaredDead(SiloAddress silo) => _declaredDead.Contains(silo);

    /// <summary>What a silo is; <see cref="SiloStatus.Dead"/> if it is not among the living.</summary>
    public SiloStatus StatusOf(SiloAddress silo)
    {
        foreach (var member in Members)
        {
            if (member.Address.Equals(silo))
            {
                return member.Status;
            }
        }

        return SiloStatus.Dead;
    }

    public override string ToString() => $"{Version}: {string.Join(", ", Members.Select(static member => $"{member.Address} {member.Status}"))}";

    // The bundled runtime writes neither Created nor Stopping; who does means the same.
    private static SiloStatus Alive(SiloStatus status) => status switch
    {
        SiloStatus.Created => SiloStatus.Joining,
        SiloStatus.Stopping => SiloStatus.ShuttingDown,
        SiloStatus.None => SiloStatus.Dead,
        _ => status,
    };
}

using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Clusters.Handover;

/// <inheritdoc cref="IHandover"/>
internal sealed class HandoverDesk(Silo silo, Func<MembershipAgent> agent) : IHandover
{
    /// <summary>Where every silo has its own.</summary>
    public static readonly GrainId Address = GrainId.Create(ObserverMailbox.GrainType, "handover");

    private static readonly DeactivationReason Moved = new(DeactivationReasonCode.Migrating, "The grain has moved to another silo.");

    /// <inheritdoc/>
    public Task<ImmutableArray<bool>> AreReleasedAsync(long view, ImmutableArray<string> grains)
    {
        if (agent().Current.Version < view) agent().Refresh();
        return Task.FromResult<ImmutableArray<bool>>([.. grains.Select(grain => IsReleased(view, GrainId.Parse(grain)))]);
    }

    // What this silo knows is placed elsewhere no activation begins here for. One that asks by an earlier view than this silo's is behind, and asks again.
    private bool IsReleased(long view, GrainId grain)
    {
        if (agent().Current.Version != view || agent().OwnershipOf(grain) != GrainOwnership.Elsewhere) return false;
        if (silo.Directory.Find(grain) is not { } activation) return true;
        activation.Deactivate(Moved);
        return activation.Deactivated.IsCompleted;
    }
}

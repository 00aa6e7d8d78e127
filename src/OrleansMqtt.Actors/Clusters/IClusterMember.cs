using Orleans.Runtime;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Proxies;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>A silo or client, as its message center knows it.</summary>
internal interface IClusterMember
{
    /// <summary>Makes references.</summary>
    IReferenceRuntime References { get; }

    /// <summary>The latest view.</summary>
    MembershipView View { get; }

    /// <summary>A view of that version or a later one.</summary>
    ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token);

    /// <summary>Reads the membership table now: a silo seems to be gone.</summary>
    void Refresh();

    /// <summary>As <see cref="Refresh"/>; completes when the table has been read, or could not be.</summary>
    Task RefreshAsync();

    /// <summary>An observer that lives here; null if it was deleted.</summary>
    ObserverMailbox? FindObserver(GrainId grainId);

    /// <summary>What this process is to a grain.</summary>
    GrainOwnership OwnershipOf(GrainId grainId);

    /// <summary>Completes when no grain is <see cref="GrainOwnership.Pending"/> any more; fails with
    /// <see cref="SiloUnavailableException"/> when the membership ends.</summary>
    Task Settled { get; }

    /// <summary>Completes when that grain is not; fails as <see cref="Settled"/> does.</summary>
    Task WhenReadyAsync(GrainId grainId);

    /// <summary>Delivers a call to wherever the grain is by now, or makes it fail.</summary>
    void Deliver(GrainId grainId, MethodCall call);
}

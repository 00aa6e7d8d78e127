using System.Collections.Immutable;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Routing;

/// <summary>A silo's copy of all routes, as <see cref="Topics.ITopicGrain"/> sees it: it is told each change.</summary>
[Alias("OrleansMqtt.IRouteReplica")]
public interface IRouteReplica : IGrainObserver
{
    /// <summary>
    /// Applies the changes of one partition that lead from version <paramref name="from"/> to <paramref name="to"/>. Returns when publishes routed from now on see them.
    /// False when the replica is not at version <paramref name="from"/>: it then needs <see cref="LoadAsync"/>.
    /// </summary>
    [Alias("Apply")]
    Task<bool> ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes);

    /// <summary>
    /// Replaces all that the replica has of one partition. Returns when publishes routed from now on see it. Fails, in a cluster, when the replica is at a later version: the call comes
    /// late, or from an activation that has been replaced.
    /// </summary>
    [Alias("Load")]
    Task LoadAsync(int partition, RouteSnapshot snapshot);

    /// <summary>What retained messages the partition may hold from now on. Returns when later look-ups see it.</summary>
    [Alias("SetPresence")]
    Task SetPresenceAsync(int partition, RetainedPresence presence);

    /// <summary>The partition moves: the lease on it is over, also what is on its way to extend it. Returns when nothing is routed under it any more.</summary>
    [Alias("Revoke")]
    Task RevokeAsync(int partition);
}

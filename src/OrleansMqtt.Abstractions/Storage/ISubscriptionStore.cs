using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Storage;

/// <summary>The routes of persistent sessions, by partition. A returned task is completed when the write has reached the store's durability level.</summary>
public interface ISubscriptionStore
{
    /// <summary>All stored routes of a partition.</summary>
    ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition);

    /// <summary>Applies changes in order. Routes of gateways are never passed here: gateways tell them again themselves.</summary>
    ValueTask ApplyAsync(int partition, ImmutableArray<RouteChange> changes);
}

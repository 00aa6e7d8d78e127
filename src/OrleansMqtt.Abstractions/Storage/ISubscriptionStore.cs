using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Storage;

/// <summary>
/// The routes of persistent sessions, by partition. Fenced by the writer's epoch, as <see cref="IRetainedStore"/>, and apart from it.
/// A returned task is completed when the write has reached the store's durability level.
/// </summary>
public interface ISubscriptionStore
{
    /// <inheritdoc cref="IRetainedStore.OpenAsync"/>
    ValueTask<long> OpenAsync(int partition, long epoch);

    /// <summary>All stored routes of a partition.</summary>
    ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition);

    /// <summary>Applies changes in order. Routes of gateways are never passed here: gateways tell them again themselves.</summary>
    ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes);
}

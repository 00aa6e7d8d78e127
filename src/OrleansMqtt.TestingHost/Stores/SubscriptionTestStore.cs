using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.TestingHost.Stores;

/// <summary>Routes of persistent sessions that outlive the silos.</summary>
internal sealed class SubscriptionTestStore : ISubscriptionStore
{
    private readonly ConcurrentDictionary<int, ConcurrentDictionary<RouteChange, RouteChange>> _routes = new();

    private readonly PartitionEpochs _epochs = new();

    public ValueTask<long> OpenAsync(int partition, long epoch)
    {
        lock (_routes) return new(_epochs.Open(partition, epoch));
    }

    public ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => new([.. Of(partition).Values]);

    public ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes)
    {
        lock (_routes)
        {
            _epochs.Require(partition, epoch);
            var routes = Of(partition);
            foreach (var change in changes)
            {
                if (change.Removed) routes.TryRemove(change, out _);
                else routes[change] = change;
            }
        }
        return default;
    }

    private ConcurrentDictionary<RouteChange, RouteChange> Of(int partition) => _routes.GetOrAdd(partition, static _ => new(RouteIdentity.Comparer));
}

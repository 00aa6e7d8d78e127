using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The routes of one partition and the replicas that are told of them: what a topic grain does about routes, without the grain. Used in its turns only.</summary>
internal sealed partial class PartitionRoutes(
    int partition, ISubscriptionStore subscriptions, RetainedMessages retained, RouteReplica ownReplica, ILocalSiloDetails ownSilo, TopicMode mode, ILogger logger)
{
    private readonly RouteTable _routes = new();
    private readonly Dictionary<string, ReplicaFeed> _replicas = [];
    private long _version, _epoch;
    private Action _replaced = static () => { };

    /// <summary>Begins. Returns when changes can be taken.</summary>
    /// <param name="grains">Finds the registry of gateways.</param>
    /// <param name="isHome">Whether this activation is to stay where it is.</param>
    /// <param name="replaced">Called when another activation has the partition.</param>
    /// <param name="cancellationToken">Ends it half way.</param>
    public async Task BeginAsync(IGrainFactory grains, Func<bool> isHome, Action replaced, CancellationToken cancellationToken)
    {
        _replaced = replaced;
        if (mode.Cluster is { } cluster) await BeginAsync(cluster, grains, isHome, cancellationToken);
        else await LoadAsync(0);
    }

    /// <summary>Another activation has the partition: this one ends.</summary>
    /// <returns>What callers are told: they find the other one.</returns>
    public TopicMovedException Replaced()
    {
        _authority?.OnReplaced();
        _replaced();
        return new TopicMovedException($"Partition {partition} has another activation.");
    }

    private async Task LoadAsync(long epoch)
    {
        _epoch = await subscriptions.OpenAsync(partition, epoch);
        if (epoch > 0 && _epoch != epoch) throw Replaced();
        // Members of shared groups are away until their gateways say otherwise.
        foreach (var route in await subscriptions.LoadAsync(partition)) _routes.Apply(route.Gateway is null ? route : route with { Gateway = null });
        if (await retained.LoadAsync(partition, epoch) != epoch && epoch > 0) throw Replaced();
    }

    /// <inheritdoc cref="ITopicGrain.AttachAsync"/>
    public Task AttachAsync(string silo, IRouteReplica replica) => (_replicas[silo] = FeedOf(silo, replica)).LoadAsync();

    // The replica of the grain's own silo is told by direct calls: a turn of another mailbox for each change would cost more than the change.
    private ReplicaFeed FeedOf(string silo, IRouteReplica replica) =>
        new(silo, silo == ownSilo.SiloAddress.ToString() ? ownReplica : replica, partition, Snapshot, logger);

    /// <inheritdoc cref="ITopicGrain.ChangeAsync"/>
    public async Task ChangeAsync(ImmutableArray<RouteChange> changes)
    {
        changes = WithoutStrangersLeaving(changes);
        if (changes.IsEmpty) return;
        if (Any(changes, static c => IsDurable(c))) await StoreAsync([.. changes.Where(static c => IsDurable(c))]);
        await ApplyAsync(changes);
    }

    private async Task StoreAsync(ImmutableArray<RouteChange> changes)
    {
        try
        {
            await subscriptions.ApplyAsync(partition, _epoch, changes);
        }
        catch (InconsistentStateException)
        {
            throw Replaced();
        }
    }

    /// <inheritdoc cref="ITopicGrain.ChangeGatewaysAsync"/>
    public Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes) =>
        Any(changes, static c => c.Kind != RouteKind.Gateway)
            ? throw new ArgumentException("Only routes of gateways wait for no store.", nameof(changes))
            : ApplyAsync(changes);

    /// <summary>What retained messages there may be is another than before.</summary>
    public Task TellPresenceAsync()
    {
        var presence = retained.Presence;
        return TellAsync(feed => feed.SetPresenceAsync(presence));
    }

    // A gateway says that a member of a shared group is away when its connection ends, the session that it leaves the group when that ends, and the gateway that it
    // has gone to that it is there. These race: being away must not bring a member back that has left, nor take it from where it is.
    private ImmutableArray<RouteChange> WithoutStrangersLeaving(ImmutableArray<RouteChange> changes)
    {
        if (!Any(changes, static c => IsAway(c) || c.Left is not null)) return changes;
        var present = new Dictionary<RouteChange, RouteChange?>(RouteIdentity.Comparer);
        var kept = ImmutableArray.CreateBuilder<RouteChange>(changes.Length);
        foreach (var change in changes)
        {
            var member = present.TryGetValue(change, out var known) ? known : _routes.FindMember(change);
            if (IsAway(change) && member is null) continue;
            if (change.Left is { } left && member?.Gateway is { } gateway && gateway != left) continue;
            present[change] = change.Removed ? null : change;
            kept.Add(change);
        }
        return kept.ToImmutable();
    }

    private static bool IsAway(RouteChange change) => change is { Kind: RouteKind.SharedMember, Removed: false, Gateway: null };

    private static bool IsDurable(RouteChange change) => change.Kind == RouteKind.Session || change is { Kind: RouteKind.SharedMember, Persistent: true };

    // Without an enumerator: this runs for every SUBSCRIBE.
    private static bool Any(ImmutableArray<RouteChange> changes, Func<RouteChange, bool> condition)
    {
        foreach (var change in changes)
            if (condition(change)) return true;
        return false;
    }

    private Task ApplyAsync(ImmutableArray<RouteChange> changes)
    {
        if (_authority is not null) changes = _authority.Gone.Adjust(changes);
        foreach (var change in changes) _routes.Apply(change);
        _version++;
        return _authority is null && _replicas.Count == 1 ? ApplyToOnlyAsync(changes) : ApplyToAllAsync(changes);
    }

    // Embedded there is one: without the objects that waiting for several takes.
    private Task ApplyToOnlyAsync(ImmutableArray<RouteChange> changes)
    {
        using var replicas = _replicas.Values.GetEnumerator();
        replicas.MoveNext();
        return replicas.Current.ChangeAsync(_version, changes);
    }

    private Task ApplyToAllAsync(ImmutableArray<RouteChange> changes) => TellAsync(feed => feed.ChangeAsync(_version, changes));

    private Task TellAsync(Func<ReplicaFeed, Task> tell) => _authority is not null ? _authority.Replicas.TellAsync(tell) : Task.WhenAll(_replicas.Values.Select(tell));

    private RouteSnapshot Snapshot() => new(_version, [.. _routes.All], retained.Presence);
}

using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <inheritdoc cref="ITopicGrain"/>
[KeepAlive]
internal sealed partial class TopicGrain(
    ISubscriptionStore subscriptions, RetainedMessages retained, RouteReplica ownReplica, ILocalSiloDetails ownSilo, TopicMode mode, ILogger<TopicGrain> logger) : Grain, ITopicGrain
{
    private readonly RouteTable _routes = new();
    private readonly Dictionary<string, ReplicaFeed> _replicas = [];
    // Routers that take a lane over bring again what another one has brought, and the other one may still be at it: values must not go back.
    private readonly LaneMemory _lanes = new();
    private long _version;

    private int Partition => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (mode.Cluster is { } cluster) await BeginAsync(cluster, cancellationToken);
        // Members of shared groups are away until their gateways say otherwise.
        foreach (var route in await subscriptions.LoadAsync(Partition)) _routes.Apply(route.Gateway is null ? route : route with { Gateway = null });
        await retained.LoadAsync(Partition);
        if (mode.Cluster is not null) await CollectAsync(mode.Cluster, cancellationToken);
    }

    /// <inheritdoc/>
    public Task AttachAsync(string silo, IRouteReplica replica) => (_replicas[silo] = FeedOf(silo, replica)).LoadAsync();

    // The replica of the grain's own silo is told by direct calls: a turn of another mailbox for each change would cost more than the change.
    private ReplicaFeed FeedOf(string silo, IRouteReplica replica) =>
        new(silo, silo == ownSilo.SiloAddress.ToString() ? ownReplica : replica, Partition, Snapshot, logger);

    /// <inheritdoc/>
    public async Task ChangeAsync(ImmutableArray<RouteChange> changes)
    {
        changes = WithoutStrangersLeaving(changes);
        if (changes.IsEmpty) return;
        if (Any(changes, static c => IsDurable(c))) await subscriptions.ApplyAsync(Partition, [.. changes.Where(static c => IsDurable(c))]);
        await ApplyAsync(changes);
    }

    /// <inheritdoc/>
    public Task ChangeGatewaysAsync(ImmutableArray<RouteChange> changes) =>
        Any(changes, static c => c.Kind != RouteKind.Gateway)
            ? throw new ArgumentException("Only routes of gateways wait for no store.", nameof(changes))
            : ApplyAsync(changes);

    /// <inheritdoc/>
    public async Task RetainAsync(ImmutableArray<Message> messages)
    {
        if (Any(messages, static message => message.Stamp is not null)) messages = WithoutRepeats(messages);
        if (messages.IsEmpty) return;
        var before = retained.Presence;
        await retained.StoreAsync(Partition, messages);
        foreach (var message in messages)
            if (message.Stamp is { } stamp) _lanes.Of(stamp.Lane).Take(stamp);
        var presence = retained.Presence;
        if (presence != before) await TellAsync(feed => feed.SetPresenceAsync(presence));
    }

    /// <inheritdoc/>
    public Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum) =>
        Task.FromResult(retained.Read(Encoding.UTF8.GetBytes(filter), after.Span, maximum));

    /// <inheritdoc/>
    public Task<int> CountRetainedAsync() => Task.FromResult(retained.Count);

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

    // Also those that come in one call with what they repeat. Nothing is taken before it is stored.
    private ImmutableArray<Message> WithoutRepeats(ImmutableArray<Message> messages)
    {
        var (fresh, last) = (ImmutableArray.CreateBuilder<Message>(messages.Length), new Dictionary<long, long>());
        foreach (var message in messages)
        {
            if (message.Stamp is { } stamp)
            {
                if (_lanes.Of(stamp.Lane).Knows(stamp) || stamp.Number <= last.GetValueOrDefault(stamp.Lane)) continue;
                last[stamp.Lane] = stamp.Number;
            }
            fresh.Add(message);
        }
        return fresh.ToImmutable();
    }

    // Without an enumerator: this runs for every SUBSCRIBE.
    private static bool Any<T>(ImmutableArray<T> items, Func<T, bool> condition)
    {
        foreach (var item in items)
            if (condition(item)) return true;
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

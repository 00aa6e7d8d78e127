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
    ISubscriptionStore subscriptions, RetainedMessages retained, RouteReplica ownReplica, ILocalSiloDetails ownSilo, ILogger<TopicGrain> logger) : Grain, ITopicGrain
{
    private readonly RouteTable _routes = new();
    private readonly Dictionary<string, IRouteReplica> _replicas = [];
    private long _version;

    private int Partition => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Members of shared groups are away until their gateways say otherwise.
        foreach (var route in await subscriptions.LoadAsync(Partition)) _routes.Apply(route.Gateway is null ? route : route with { Gateway = null });
        await retained.LoadAsync(Partition);
    }

    /// <inheritdoc/>
    public async Task AttachAsync(string silo, IRouteReplica replica)
    {
        await replica.LoadAsync(Partition, Snapshot());
        // The replica of the grain's own silo is told by direct calls: a turn of another mailbox for each change would cost more than the change.
        _replicas[silo] = silo == ownSilo.SiloAddress.ToString() ? ownReplica : replica;
    }

    /// <inheritdoc/>
    public async Task ChangeAsync(ImmutableArray<RouteChange> changes)
    {
        changes = WithoutStrangersLeaving(changes);
        if (changes.IsEmpty) return;
        if (Any(changes, static c => IsDurable(c))) await subscriptions.ApplyAsync(Partition, [.. changes.Where(static c => IsDurable(c))]);
        foreach (var change in changes) _routes.Apply(change);
        var from = _version++;
        await PushAsync(from, changes);
    }

    /// <inheritdoc/>
    public async Task RetainAsync(ImmutableArray<Message> messages)
    {
        var before = retained.Presence;
        await retained.StoreAsync(Partition, messages);
        var presence = retained.Presence;
        if (presence != before) await Task.WhenAll(_replicas.Values.Select(replica => replica.SetPresenceAsync(Partition, presence)));
    }

    /// <inheritdoc/>
    public Task<RetainedPage> ReadRetainedAsync(string filter, ReadOnlyMemory<byte> after, int maximum) =>
        Task.FromResult(retained.Read(Encoding.UTF8.GetBytes(filter), after.Span, maximum));

    /// <inheritdoc/>
    public Task<int> CountRetainedAsync() => Task.FromResult(retained.Count);

    // A gateway says that a member of a shared group is away when its connection ends, the session that it leaves the group when that ends.
    // The two race: being away must not bring a member back that has left.
    private ImmutableArray<RouteChange> WithoutStrangersLeaving(ImmutableArray<RouteChange> changes)
    {
        if (!Any(changes, static c => IsAway(c))) return changes;
        var present = new Dictionary<RouteChange, bool>(RouteIdentity.Comparer);
        var kept = ImmutableArray.CreateBuilder<RouteChange>(changes.Length);
        foreach (var change in changes)
        {
            if (IsAway(change) && !(present.TryGetValue(change, out var known) ? known : _routes.Contains(change))) continue;
            present[change] = !change.Removed;
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

    private Task PushAsync(long from, ImmutableArray<RouteChange> changes) => _replicas.Count == 1 ? PushToOnlyAsync(from, changes) : PushToAllAsync(from, changes);

    // Embedded there is one: without the objects that waiting for several takes.
    private Task PushToOnlyAsync(long from, ImmutableArray<RouteChange> changes)
    {
        using var replicas = _replicas.GetEnumerator();
        replicas.MoveNext();
        return PushAsync(replicas.Current.Key, replicas.Current.Value, from, changes);
    }

    private Task PushToAllAsync(long from, ImmutableArray<RouteChange> changes) =>
        Task.WhenAll(_replicas.Select(replica => PushAsync(replica.Key, replica.Value, from, changes)));

    private RouteSnapshot Snapshot() => new(_version, [.. _routes.All], retained.Presence);

    // Fails when the replica gets neither the change nor everything: whoever wanted the change is told, and the next one brings everything.
    private async Task PushAsync(string silo, IRouteReplica replica, long from, ImmutableArray<RouteChange> changes)
    {
        try
        {
            if (await replica.ApplyAsync(Partition, from, from + 1, changes)) return;
            LogReplicaBehind(logger, null, silo, Partition, from);
        }
#pragma warning disable CA1031 // Whatever failed, it is not known what the replica has: it gets everything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogReplicaBehind(logger, exception, silo, Partition, from);
        }
        await replica.LoadAsync(Partition, Snapshot());
    }

    [LoggerMessage(1, LogLevel.Warning, "Route replica of {Silo} did not take the change after version {Version} of partition {Partition}; it gets all routes anew.")]
    private static partial void LogReplicaBehind(ILogger logger, Exception? exception, string silo, int partition, long version);
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// All routes, in one tree per silo. Topic grains tell it each change; routing reads it without waiting for anybody: what a topic
/// leads to is remembered until the next change of any route. Handlers are deployed with the silo, and never change.
/// </summary>
internal sealed class RouteReplica(TopicPartitions partitions, RoutingLeases leases, HandlerTable? handlers = null, IPublishTap? tap = null) : IRouteReplica
{
    private readonly Lock _lock = new();
    private readonly TopicTree<FilterRoutes> _tree = new();
    private readonly MatchCache<RouteSet> _cache = new();
    private readonly List<FilterRoutes> _matches = [];
    private readonly Dictionary<int, long> _versions = [];
    private readonly ConcurrentDictionary<int, RetainedPresence> _presence = new();
    private readonly Dictionary<string, FilterRoutes> _gatewaysAlone = [];
    private volatile StrongBox<RetainedPresence> _presenceAnywhere = new();

    /// <summary>Everything that <paramref name="topic"/> leads to.</summary>
    public RouteSet Match(ReadOnlySpan<byte> topic)
    {
        if (_cache.Find(topic) is { } known) return known;
        lock (_lock)
        {
            _matches.Clear();
            _tree.Match(topic, _matches);
            var routes = _matches switch
            {
                [] => RouteSet.Empty,
                _ when LeadToOneGateway(out var gateway) => AloneOf(gateway).Alone,
                [var only] => only.Alone,
                _ => new RouteSet(_matches),
            };
            var (handling, filtering) = handlers is { IsEmpty: false } ? (handlers.Match(topic), handlers.MatchFilters(topic)) : ([], []);
            var tapped = tap?.Wants(topic) == true ? tap : null;
            if (handling.Length + filtering.Length > 0 || tapped is not null) routes = new RouteSet(routes, handling, filtering, tapped);
            return _cache.Set(topic, routes, routes.Weight);
        }
    }

    private bool LeadToOneGateway(out string gateway)
    {
        gateway = "";
        foreach (var match in _matches)
        {
            if (match is not { Gateways: [var only], Sessions: null, Groups: null } || (gateway.Length > 0 && gateway != only)) return false;
            gateway = only;
        }
        return true;
    }

    private FilterRoutes AloneOf(string gateway)
    {
        ref var routes = ref CollectionsMarshal.GetValueRefOrAddDefault(_gatewaysAlone, gateway, out _);
        return routes ??= new FilterRoutes(gateway);
    }

    /// <summary>The shared group, if it has members.</summary>
    public SharedGroup? FindGroup(SharedGroupKey key)
    {
        lock (_lock) return _tree.Find(Encoding.UTF8.GetBytes(key.Filter))?.FindGroup(key);
    }

    /// <inheritdoc/>
    public Task<bool> ApplyAsync(int partition, long from, long to, ImmutableArray<RouteChange> changes)
    {
        lock (_lock)
        {
            if (_versions.GetValueOrDefault(partition, -1) != from) return Task.FromResult(false);
            _cache.Clear();
            foreach (var change in changes) Apply(change);
            _versions[partition] = to;
        }
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public Task SetPresenceAsync(int partition, RetainedPresence presence)
    {
        lock (_lock) SetPresence(partition, presence);
        return Task.CompletedTask;
    }

    /// <summary>What retained messages there may be in all partitions together.</summary>
    public RetainedPresence PresenceAnywhere => _presenceAnywhere.Value;

    /// <summary>What retained messages a partition may hold.</summary>
    public RetainedPresence PresenceOf(int partition) => _presence.GetValueOrDefault(partition);

    /// <inheritdoc/>
    public Task LoadAsync(int partition, RouteSnapshot snapshot)
    {
        lock (_lock)
        {
            if (RouteVersion.EpochOf(snapshot.Version) > 0 && snapshot.Version < _versions.GetValueOrDefault(partition, -1))
                throw new InvalidOperationException($"Version {snapshot.Version} of partition {partition} comes after {_versions[partition]}.");
            foreach (var (filter, _) in _tree.Entries.Where(e => partitions.Of(e.Key) == partition).ToList()) _tree.Remove(Encoding.UTF8.GetBytes(filter));
            foreach (var route in snapshot.Routes) Apply(route);
            SetPresence(partition, snapshot.Presence);
            _versions[partition] = snapshot.Version;
            _cache.Clear();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RevokeAsync(int partition)
    {
        leases.Revoke(partition);
        return Task.CompletedTask;
    }

    private void SetPresence(int partition, RetainedPresence presence)
    {
        _presence[partition] = presence;
        _presenceAnywhere = new StrongBox<RetainedPresence>(_presence.Values.Aggregate(default(RetainedPresence), static (all, one) => all.With(one)));
    }

    private void Apply(RouteChange change)
    {
        Span<byte> filter = change.Filter.Length <= 256 ? stackalloc byte[change.Filter.Length * 3] : new byte[change.Filter.Length * 3];
        filter = filter[..Encoding.UTF8.GetBytes(change.Filter, filter)];
        var alone = change.Kind == RouteKind.Gateway ? AloneOf(change.Receiver) : null;
        _tree.Update(filter, (change, alone), static (routes, to) => FilterRoutes.Apply(routes, to.change, to.alone));
    }
}

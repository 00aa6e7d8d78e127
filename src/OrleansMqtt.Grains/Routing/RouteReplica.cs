using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// All routes, in one tree per silo. Topic grains tell it each change; routing reads it without waiting for anybody: what a topic
/// leads to is remembered until the next change of any route.
/// </summary>
internal sealed class RouteReplica(TopicPartitions partitions) : IRouteReplica
{
    private readonly Lock _lock = new();
    private readonly TopicTree<FilterRoutes> _tree = new();
    private readonly MatchCache<RouteSet> _cache = new();
    private readonly List<FilterRoutes> _matches = [];
    private readonly Dictionary<int, long> _versions = [];
    private readonly ConcurrentDictionary<int, RetainedPresence> _presence = new();

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
                [var only] => only.Alone,
                _ => new RouteSet(_matches),
            };
            return _cache.Set(topic, routes, routes.Weight);
        }
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
        _presence[partition] = presence;
        return Task.CompletedTask;
    }

    /// <summary>What retained messages a partition may hold.</summary>
    public RetainedPresence PresenceOf(int partition) => _presence.GetValueOrDefault(partition);

    /// <inheritdoc/>
    public Task LoadAsync(int partition, RouteSnapshot snapshot)
    {
        lock (_lock)
        {
            foreach (var (filter, _) in _tree.Entries.Where(e => partitions.Of(e.Key) == partition).ToList()) _tree.Remove(Encoding.UTF8.GetBytes(filter));
            foreach (var route in snapshot.Routes) Apply(route);
            _presence[partition] = snapshot.Presence;
            _versions[partition] = snapshot.Version;
            _cache.Clear();
        }
        return Task.CompletedTask;
    }

    private void Apply(RouteChange change)
    {
        Span<byte> filter = change.Filter.Length <= 256 ? stackalloc byte[change.Filter.Length * 3] : new byte[change.Filter.Length * 3];
        filter = filter[..Encoding.UTF8.GetBytes(change.Filter, filter)];
        var routes = change.Removed ? _tree.Find(filter) : _tree.GetOrAdd(filter, static () => new FilterRoutes());
        if (routes is null) return;
        routes.Apply(change);
        if (routes.IsEmpty) _tree.Remove(filter);
    }
}

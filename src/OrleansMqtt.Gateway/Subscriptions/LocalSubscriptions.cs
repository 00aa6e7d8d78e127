using System.Runtime.InteropServices;
using System.Text;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// The second level of matching: from a topic to this gateway's connections. Reading takes no lock while subscriptions rest: what a
/// topic leads to is remembered until the next change. Shared subscriptions are not here; the router picks their members.
/// </summary>
internal sealed class LocalSubscriptions(GatewayIdentity gateway, RouteRegistrar registrar)
{
    // About what a reference, and a route that belongs to one topic alone, take in bytes.
    private const int ReferenceWeight = 8, RouteWeight = 120;
    private readonly Lock _lock = new();
    private readonly TopicTree<LocalFilter> _tree = new();
    private readonly MatchCache<LocalRoute[]> _cache = new();
    private readonly List<LocalFilter> _matches = [];
    private byte[] _encoded = new byte[256];

    /// <summary>What is remembered of topics.</summary>
    internal (int Topics, long Weight) Remembered
    {
        get { lock (_lock) return (_cache.Count, _cache.Weight); }
    }

    /// <summary>The clients that <paramref name="topic"/> leads to.</summary>
    public LocalRoute[] Match(ReadOnlySpan<byte> topic)
    {
        if (_cache.Find(topic) is { } known) return known;
        lock (_lock)
        {
            _matches.Clear();
            _tree.Match(topic, _matches);
            // The routes of a lone filter are the filter's own, whatever the number of topics that it matches.
            return _matches switch
            {
                [] => _cache.Set(topic, []),
                [var only] => _cache.Set(topic, only.Routes),
                _ => _cache.Set(topic, Merge(out var weight), weight),
            };
        }
    }

    /// <summary>Adds or replaces a subscription. It is in force everywhere when <paramref name="effective"/>, of which it becomes part, is completed. Returns whether it is new.</summary>
    public bool Add(LocalRoute route, string filter, RouteBatch effective)
    {
        lock (_lock)
        {
            var entry = _tree.GetOrAdd(Encode(filter), static () => new LocalFilter());
            // One that failed is tried again by the next client that wants the filter.
            if (entry.IsEmpty || entry.Registration.IsFaulted)
            {
                registrar.Change(RouteChanges.OfGateway(gateway.Name, filter, removed: false), effective);
                entry.Registration = effective.Task;
            }
            else if (entry.Registration != effective.Task)
            {
                effective.Await(entry.Registration);
            }
            var isNew = entry.Set(route);
            _cache.Clear();
            return isNew;
        }
    }

    /// <summary>Ends a subscription; false when there was none. The route of the gateway ends with its last client.</summary>
    public bool Remove(Subscriber subscriber, string filter, RouteBatch effective)
    {
        lock (_lock)
        {
            var key = Encode(filter);
            if (_tree.Find(key) is not { } entry || !entry.Remove(subscriber)) return false;
            if (entry.IsEmpty)
            {
                _tree.Remove(key);
                registrar.Change(RouteChanges.OfGateway(gateway.Name, filter, removed: true), effective);
            }
            _cache.Clear();
            return true;
        }
    }

    // Into a buffer that is used again. Under the lock.
    private ReadOnlySpan<byte> Encode(string filter)
    {
        var needed = Encoding.UTF8.GetMaxByteCount(filter.Length);
        if (_encoded.Length < needed) _encoded = new byte[needed];
        return _encoded.AsSpan(0, Encoding.UTF8.GetBytes(filter, _encoded));
    }

    // One route per client. Clients that only one of the filters has, usually most, keep that filter's route.
    private LocalRoute[] Merge(out long weight)
    {
        var merged = new Dictionary<Subscriber, LocalRoute>();
        weight = 0;
        foreach (var match in _matches)
            foreach (var route in match.Routes)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(merged, route.Subscriber, out var exists);
                weight += exists ? RouteWeight : ReferenceWeight;
                known = exists ? known!.With(route) : route;
            }
        return [.. merged.Values];
    }
}

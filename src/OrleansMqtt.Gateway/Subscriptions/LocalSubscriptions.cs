using System.Text;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Subscriptions;

/// <summary>
/// The second level of matching: from a topic to this gateway's connections. Reading takes no lock while subscriptions rest: what a
/// topic leads to is remembered until the next change. Shared subscriptions are not here; the router picks their members.
/// </summary>
internal sealed class LocalSubscriptions(string gateway, RouteRegistrar registrar)
{
    private readonly Lock _lock = new();
    private readonly TopicTree<LocalFilter> _tree = new();
    private readonly MatchCache<LocalRoute[]> _cache = new();
    private readonly List<LocalFilter> _matches = [];
    private long _version;

    /// <summary>The clients that <paramref name="topic"/> leads to.</summary>
    public LocalRoute[] Match(ReadOnlySpan<byte> topic)
    {
        var version = Volatile.Read(ref _version);
        if (_cache.Find(topic, version) is { } known) return known;
        lock (_lock)
        {
            _matches.Clear();
            _tree.Match(topic, _matches);
            return _cache.Set(topic, _version, Merge());
        }
    }

    /// <summary>Adds or replaces a subscription. It is in force everywhere when <paramref name="effective"/> is completed. Returns whether it is new.</summary>
    public bool Add(Subscriber subscriber, string filter, SubscriptionOptions options, out Task effective)
    {
        lock (_lock)
        {
            var entry = _tree.GetOrAdd(Encoding.UTF8.GetBytes(filter), static () => new LocalFilter());
            // One that failed is tried again by the next client that wants the filter.
            if (entry.IsEmpty || entry.Registration.IsFaulted) entry.Registration = registrar.ChangeAsync(RouteChanges.OfGateway(gateway, filter, removed: false));
            var isNew = entry.Set(subscriber, options);
            effective = entry.Registration;
            Volatile.Write(ref _version, _version + 1);
            return isNew;
        }
    }

    /// <summary>Ends a subscription; false when there was none. The route of the gateway ends with its last client.</summary>
    public bool Remove(Subscriber subscriber, string filter, out Task effective)
    {
        effective = Task.CompletedTask;
        lock (_lock)
        {
            var key = Encoding.UTF8.GetBytes(filter);
            if (_tree.Find(key) is not { } entry || !entry.Remove(subscriber)) return false;
            if (entry.IsEmpty)
            {
                _tree.Remove(key);
                effective = registrar.ChangeAsync(RouteChanges.OfGateway(gateway, filter, removed: true));
            }
            Volatile.Write(ref _version, _version + 1);
            return true;
        }
    }

    private LocalRoute[] Merge()
    {
        if (_matches.Count == 0) return [];
        if (_matches is [var only]) return [.. only.Subscribers.Select(s => new LocalRoute(s.Subscriber, [s.Options]))];
        var merged = new Dictionary<Subscriber, List<SubscriptionOptions>>();
        foreach (var match in _matches)
            foreach (var (subscriber, options) in match.Subscribers)
            {
                if (!merged.TryGetValue(subscriber, out var list)) merged[subscriber] = list = [];
                list.Add(options);
            }
        return [.. merged.Select(m => new LocalRoute(m.Key, m.Value))];
    }
}

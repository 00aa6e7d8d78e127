using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>The handlers that are deployed with this silo, by topic and by name. Does not change.</summary>
internal sealed class HandlerTable
{
    private readonly TopicTree<List<TopicHandler>> _handlers = new(), _filters = new();
    private readonly FrozenDictionary<string, TopicHandler> _byName;

    /// <summary>Of handlers whose names are different.</summary>
    public HandlerTable(ImmutableArray<TopicHandler> handlers)
    {
        All = handlers;
        _byName = handlers.ToFrozenDictionary(static handler => handler.Name);
        foreach (var handler in handlers) (handler.Filter is null ? _handlers : _filters).GetOrAdd(Encoding.UTF8.GetBytes(handler.Template.Filter), static () => []).Add(handler);
        HaveFilters = handlers.Any(static handler => handler.Filter is not null);
    }

    public ImmutableArray<TopicHandler> All { get; }

    public bool IsEmpty => All.IsEmpty;

    /// <summary>Whether there are filters among them.</summary>
    public bool HaveFilters { get; }

    /// <summary>The handler of that name; null if this silo has none.</summary>
    public TopicHandler? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The handlers of a topic, other than filters.</summary>
    public HandlerRoute[] Match(ReadOnlySpan<byte> topic) => Match(_handlers, topic);

    /// <summary>The filters of a topic, in their order.</summary>
    public HandlerRoute[] MatchFilters(ReadOnlySpan<byte> topic)
    {
        var routes = Match(_filters, topic);
        Array.Sort(routes, static (one, other) => Compare(one.Handler, other.Handler));
        return routes;
    }

    private static int Compare(TopicHandler one, TopicHandler other)
    {
        var order = one.Filter!.Order.CompareTo(other.Filter!.Order);
        return order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
    }

    private static HandlerRoute[] Match(TopicTree<List<TopicHandler>> tree, ReadOnlySpan<byte> topic)
    {
        var matches = new List<List<TopicHandler>>();
        tree.Match(topic, matches);
        if (matches.Count == 0) return [];
        var routes = new List<HandlerRoute>(matches.Count);
        foreach (var handlers in matches)
            foreach (var handler in handlers)
            {
                var values = new Range[handler.Template.Names.Length];
                if (handler.Template.TryMatch(topic, values)) routes.Add(new HandlerRoute(handler, handler.Key.Of(topic, values)));
            }
        return [.. routes];
    }
}

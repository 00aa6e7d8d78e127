using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Grains.Handlers;

/// <summary>The handlers that are deployed with this silo, by topic and by name. Does not change.</summary>
internal sealed class HandlerTable
{
    private readonly TopicTree<List<TopicHandler>> _tree = new();
    private readonly FrozenDictionary<string, TopicHandler> _byName;

    /// <summary>Of handlers whose names are different.</summary>
    public HandlerTable(ImmutableArray<TopicHandler> handlers)
    {
        All = handlers;
        _byName = handlers.ToFrozenDictionary(static handler => handler.Name);
        foreach (var handler in handlers) _tree.GetOrAdd(Encoding.UTF8.GetBytes(handler.Template.Filter), static () => []).Add(handler);
    }

    public ImmutableArray<TopicHandler> All { get; }

    public bool IsEmpty => All.IsEmpty;

    /// <summary>The handler of that name; null if this silo has none.</summary>
    public TopicHandler? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The handlers of a topic.</summary>
    public HandlerRoute[] Match(ReadOnlySpan<byte> topic)
    {
        var matches = new List<List<TopicHandler>>();
        _tree.Match(topic, matches);
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

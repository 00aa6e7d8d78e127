using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Topics;

/// <summary>Gateways that are gone for good. What one of them had said comes late now and then; it must not bring back a route to nowhere.</summary>
internal sealed class GoneGateways
{
    // Calls come late by seconds; a thousand gateways do not end in that time.
    private const int Maximum = 1000;
    private readonly OrderedDictionary<string, bool> _names = [];

    /// <summary>Notes a gateway. Its name never comes again.</summary>
    public void Add(string name)
    {
        if (_names.Count == Maximum) _names.RemoveAt(0);
        _names[name] = true;
    }

    /// <summary>The changes as they are to be now.</summary>
    public ImmutableArray<RouteChange> Adjust(ImmutableArray<RouteChange> changes)
    {
        if (_names.Count == 0) return changes;
        for (var i = 0; i < changes.Length; i++)
            if (Concerns(changes[i])) changes = changes.SetItem(i, End(changes[i]));
        return changes;
    }

    /// <summary>The change that ends what a route has of its gateway: the member of a shared group whose session is kept is away, everything else is removed.</summary>
    public static RouteChange End(RouteChange route) =>
        route is { Kind: RouteKind.SharedMember, Persistent: true } ? route with { Gateway = null, Left = route.Gateway } : route with { Removed = true, Gateway = null };

    private bool Concerns(RouteChange change) => !change.Removed && change.Kind switch
    {
        RouteKind.Gateway => _names.ContainsKey(change.Receiver),
        RouteKind.SharedMember => change.Gateway is { } gateway && _names.ContainsKey(gateway),
        _ => false,
    };
}

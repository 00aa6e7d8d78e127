using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The routes of one partition. Most filters lead to one gateway and nothing else: of those only filter and gateway are kept, not the change that brought them.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, string> _gateways = [];
    private readonly HashSet<RouteChange> _others = new(RouteIdentity.Comparer);

    /// <summary>All of them.</summary>
    public IEnumerable<RouteChange> All => _gateways.Select(static route => RouteChanges.OfGateway(route.Value, route.Key, removed: false)).Concat(_others);

    /// <summary>Whether the route that <paramref name="route"/> is about is there.</summary>
    public bool Contains(RouteChange route) => IsFirstGateway(route) || _others.Contains(route);

    /// <summary>The member of a shared group that <paramref name="route"/> is about, as it is now; null when there is none.</summary>
    public RouteChange? FindMember(RouteChange route) => _others.TryGetValue(route, out var known) ? known : null;

    /// <summary>The gateways that routes lead to.</summary>
    public IReadOnlySet<string> Gateways => All.Select(static route => route.Kind == RouteKind.Gateway ? route.Receiver : route.Gateway).OfType<string>().ToHashSet();

    /// <summary>The routes that lead to a gateway, and the members of shared groups that are connected to it.</summary>
    public IEnumerable<RouteChange> OfGateway(string gateway) => All.Where(route => route.Kind switch
    {
        RouteKind.Gateway => route.Receiver == gateway,
        RouteKind.SharedMember => route.Gateway == gateway,
        _ => false,
    });

    /// <summary>Adds, replaces or removes a route.</summary>
    public void Apply(RouteChange change)
    {
        if (IsFirstGateway(change))
        {
            if (change.Removed) _gateways.Remove(change.Filter);
        }
        else if (_others.Remove(change) || change.Kind != RouteKind.Gateway || change.Removed || !_gateways.TryAdd(change.Filter, change.Receiver))
        {
            if (!change.Removed) _others.Add(change);
        }
    }

    private bool IsFirstGateway(RouteChange change) =>
        change.Kind == RouteKind.Gateway && _gateways.TryGetValue(change.Filter, out var gateway) && gateway == change.Receiver;
}

using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>
/// Who receives what one filter matches. Changed only under the replica's lock. By far most filters lead to one gateway and nothing else: those share one object
/// per gateway, which is never changed.
/// </summary>
internal sealed class FilterRoutes
{
    private readonly bool _isShared;
    private RouteSet? _alone;

    private FilterRoutes()
    {
    }

    /// <summary>What all filters share that lead to this gateway alone.</summary>
    public FilterRoutes(string gateway) => (Gateways, _isShared) = ([gateway], true);

    public string[] Gateways { get; private set; } = [];

    public Dictionary<string, SubscriptionOptions>? Sessions { get; private set; }

    public List<SharedGroup>? Groups { get; private set; }

    private bool IsEmpty => Gateways.Length == 0 && Sessions is not { Count: > 0 } && Groups is not { Count: > 0 };

    /// <summary>What a topic leads to that only this filter matches: one object for all of them, made when the first one comes.</summary>
    public RouteSet Alone => _alone ??= new RouteSet(this);

    /// <summary>What a filter leads to after a change.</summary>
    /// <param name="routes">What it led to; null for nothing.</param>
    /// <param name="change">The change.</param>
    /// <param name="alone">What the filters share that lead to <see cref="RouteChange.Receiver"/>, a gateway, alone.</param>
    /// <returns>What it leads to; null for nothing.</returns>
    public static FilterRoutes? Apply(FilterRoutes? routes, RouteChange change, FilterRoutes? alone)
    {
        if (routes is null || routes == alone)
        {
            if (change.Removed && (routes is null || change.Kind == RouteKind.Gateway)) return null;
            if (change.Kind == RouteKind.Gateway) return alone;
        }
        routes = routes switch { null => new FilterRoutes(), { _isShared: true } => new FilterRoutes { Gateways = routes.Gateways }, _ => routes };
        routes.Apply(change);
        return routes.IsEmpty ? null : routes;
    }

    private void Apply(RouteChange change)
    {
        _alone = null;
        switch (change.Kind)
        {
            case RouteKind.Gateway:
                Gateways = [.. Gateways.Where(gateway => gateway != change.Receiver), .. change.Removed ? Array.Empty<string>() : [change.Receiver]];
                break;
            case RouteKind.Session:
                if (change.Removed) Sessions?.Remove(change.Receiver);
                else (Sessions ??= [])[change.Receiver] = change.Options;
                break;
            case RouteKind.SharedMember:
                ApplyShared(change);
                break;
        }
    }

    public SharedGroup? FindGroup(SharedGroupKey key) => Groups?.Find(g => g.Key == key);

    private void ApplyShared(RouteChange change)
    {
        var group = FindGroup(change.Group!);
        if (change.Removed)
        {
            group?.Remove(change.Receiver);
            if (group is { Members.IsEmpty: true }) Groups!.Remove(group);
            return;
        }
        if (group is null) (Groups ??= []).Add(group = new SharedGroup(change.Group!));
        group.Set(new SharedMember(change.Receiver, change.Options, change.Gateway, change.Persistent));
    }
}

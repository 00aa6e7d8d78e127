using System.Runtime.InteropServices;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Everything that one topic leads to. Immutable, so that it can be remembered per topic until the next change.</summary>
internal sealed class RouteSet
{
    public static readonly RouteSet Empty = new(new List<FilterRoutes>());

    // About what the object, a reference, and a session's route that belongs to one topic alone take in bytes.
    private const int OwnWeight = 128, ReferenceWeight = 8, RouteWeight = 120;

    /// <summary>What one filter leads to.</summary>
    public RouteSet(FilterRoutes routes)
    {
        Gateways = [.. routes.Gateways];
        Sessions = routes.Sessions is null ? [] : [.. routes.Sessions.Select(static s =>
            new SessionRoute(s.Key, MergedSubscription.Of([s.Value], false)!, MergedSubscription.Of([s.Value], true)))];
        Groups = routes.Groups is null ? [] : [.. routes.Groups];
    }

    /// <summary>What several filters lead to. Sessions that only one of them leads to, usually most, keep that one's route.</summary>
    public RouteSet(List<FilterRoutes> matches)
    {
        var gateways = new List<string>(1);
        var sessions = new Dictionary<string, SessionRoute>();
        var groups = new List<SharedGroup>();
        foreach (var match in matches)
        {
            var routes = match.Alone;
            foreach (var gateway in routes.Gateways)
                if (!gateways.Contains(gateway)) gateways.Add(gateway);
            foreach (var route in routes.Sessions)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(sessions, route.ClientId, out var exists);
                Weight += exists ? RouteWeight : ReferenceWeight;
                known = exists ? known!.With(route) : route;
            }
            groups.AddRange(routes.Groups);
        }
        Gateways = [.. gateways];
        Sessions = [.. sessions.Values];
        Groups = [.. groups];
        Weight += OwnWeight + ReferenceWeight * (Gateways.Length + Groups.Length);
    }

    /// <summary>What subscriptions lead to, and handlers and a tap besides.</summary>
    /// <param name="routes">What subscriptions lead to.</param>
    /// <param name="handlers">The handlers of the topic.</param>
    /// <param name="filters">Its filters, in their order.</param>
    /// <param name="tap">Who is given what is published besides; null for nobody.</param>
    public RouteSet(RouteSet routes, HandlerRoute[] handlers, HandlerRoute[] filters, IPublishTap? tap)
    {
        Tap = tap;
        (Gateways, Sessions, Groups, Handlers, Filters) = (routes.Gateways, routes.Sessions, routes.Groups, handlers, filters.Length > 0 ? filters : null);
        Weight = routes.Weight + OwnWeight;
        foreach (var handler in handlers) Weight += handler.Weight;
        foreach (var filter in filters) Weight += filter.Weight;
    }

    public string[] Gateways { get; }

    public SessionRoute[] Sessions { get; }

    public SharedGroup[] Groups { get; }

    public HandlerRoute[] Handlers { get; } = [];

    /// <summary>The filters that have a message before anybody else, in their order; null for none.</summary>
    public HandlerRoute[]? Filters { get; }

    /// <summary>Who is given what is published besides; null for nobody.</summary>
    public IPublishTap? Tap { get; }

    /// <summary>About how many bytes it takes that no filter keeps anyway.</summary>
    public long Weight { get; }
}

using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Everything that one topic leads to. Immutable, so that it can be remembered per topic until the next change.</summary>
internal sealed class RouteSet
{
    public static readonly RouteSet Empty = new([]);

    public RouteSet(List<FilterRoutes> matches)
    {
        var gateways = new List<string>(1);
        Dictionary<string, List<SubscriptionOptions>>? sessions = null;
        List<SharedGroup>? groups = null;
        foreach (var match in matches)
        {
            foreach (var gateway in match.Gateways)
                if (!gateways.Contains(gateway)) gateways.Add(gateway);
            if (match.Sessions is { } found)
                foreach (var (client, options) in found)
                {
                    sessions ??= [];
                    if (!sessions.TryGetValue(client, out var list)) sessions[client] = list = [];
                    list.Add(options);
                }
            if (match.Groups is { } shared) (groups ??= []).AddRange(shared);
        }
        Gateways = [.. gateways];
        Sessions = sessions is null ? [] : [.. sessions.Select(s => new SessionRoute(s.Key, MergedSubscription.Of(s.Value, false)!, MergedSubscription.Of(s.Value, true)))];
        Groups = groups is null ? [] : [.. groups];
    }

    public string[] Gateways { get; }

    public SessionRoute[] Sessions { get; }

    public SharedGroup[] Groups { get; }
}

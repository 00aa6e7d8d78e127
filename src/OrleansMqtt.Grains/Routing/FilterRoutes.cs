using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Who receives what one filter matches. Changed only under the replica's lock.</summary>
internal sealed class FilterRoutes
{
    private RouteSet? _alone;

    public string[] Gateways { get; private set; } = [];

    public Dictionary<string, SubscriptionOptions>? Sessions { get; private set; }

    public List<SharedGroup>? Groups { get; private set; }

    public bool IsEmpty => Gateways.Length == 0 && Sessions is not { Count: > 0 } && Groups is not { Count: > 0 };

    /// <summary>What a topic leads to that only this filter matches: one object for all of them, made when the first one comes.</summary>
    public RouteSet Alone => _alone ??= new RouteSet(this);

    public void Apply(RouteChange change)
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

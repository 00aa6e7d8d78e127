using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Routing;

/// <summary>Makes the route changes that subscriptions lead to.</summary>
public static class RouteChanges
{
    /// <summary>A gateway begins or ends to have clients with <paramref name="filter"/>.</summary>
    public static RouteChange OfGateway(string gateway, string filter, bool removed) =>
        new() { Kind = RouteKind.Gateway, Filter = filter, Receiver = gateway, Removed = removed };

    /// <summary>A persistent session begins or ends to have a filter that is not shared.</summary>
    public static RouteChange OfSession(string clientId, string filter, SubscriptionOptions options, bool removed) =>
        new() { Kind = RouteKind.Session, Filter = filter, Receiver = clientId, Options = options, Removed = removed };

    /// <summary>A client joins, changes or leaves a shared group.</summary>
    /// <param name="clientId">The client.</param>
    /// <param name="shared">Group and filter.</param>
    /// <param name="options">Its subscription.</param>
    /// <param name="gateway">Where it is connected; null while away.</param>
    /// <param name="persistent">Whether its session has a log.</param>
    /// <param name="removed">Whether it leaves.</param>
    /// <param name="left">The gateway that it was connected to, when that says that it is there no longer.</param>
    public static RouteChange OfMember(string clientId, SharedFilter shared, SubscriptionOptions options, string? gateway, bool persistent, bool removed, string? left = null) => new()
    {
        Kind = RouteKind.SharedMember,
        Filter = shared.Filter,
        Receiver = clientId,
        Options = options,
        Group = new SharedGroupKey(shared.Group, shared.Filter, shared.IsOrdered),
        Gateway = gateway,
        Persistent = persistent,
        Removed = removed,
        Left = left,
    };
}

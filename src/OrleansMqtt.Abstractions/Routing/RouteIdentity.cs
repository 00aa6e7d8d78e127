using System.Diagnostics.CodeAnalysis;

namespace OrleansMqtt.Routing;

/// <summary>Two route changes are of one route when kind, filter, receiver and group are the same, whatever else they say.</summary>
internal sealed class RouteIdentity : IEqualityComparer<RouteChange>
{
    public static readonly RouteIdentity Comparer = new();

    private RouteIdentity()
    {
    }

    public bool Equals(RouteChange? x, RouteChange? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.Kind == y.Kind && x.Filter == y.Filter && x.Receiver == y.Receiver && x.Group == y.Group);

    public int GetHashCode([DisallowNull] RouteChange route) => HashCode.Combine(route.Kind, route.Filter, route.Receiver);
}

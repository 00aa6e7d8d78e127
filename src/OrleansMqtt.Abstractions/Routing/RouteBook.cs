using OrleansMqtt.Topics;

namespace OrleansMqtt.Routing;

/// <summary>
/// The routes that a gateway has in force, by partition, to be told again to a topic grain that has just been activated. Only in clusters: embedded, topic grains and gateway
/// end together.
/// </summary>
/// <remarks>
/// A change is written here before a call that carries it is made. So what a call says that a past activation may or may not have carried out stands in every page that is read later,
/// or a later call takes it back.
/// </remarks>
internal sealed class RouteBook(TopicPartitions partitions)
{
    // A page is whole buckets, so that a route that comes or goes between two pages makes none appear twice or be skipped.
    private const int Buckets = 256, PageRoutes = 1000;
    private readonly HashSet<RouteChange>?[][] _partitions = [.. Enumerable.Range(0, partitions.Count).Select(static _ => new HashSet<RouteChange>?[Buckets])];

    /// <summary>Writes a change down.</summary>
    public void Note(RouteChange change)
    {
        var buckets = _partitions[partitions.Of(change.Filter)];
        lock (buckets)
        {
            ref var bucket = ref buckets[(RouteIdentity.Comparer.GetHashCode(change) & int.MaxValue) % Buckets];
            bucket?.Remove(change);
            if (IsOfGateway(change)) (bucket ??= new HashSet<RouteChange>(RouteIdentity.Comparer)).Add(change);
            else if (bucket is { Count: 0 }) bucket = null;
        }
    }

    /// <summary>A page of what is in force in a partition now.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="page">0, or what the page before said.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such partition or page.</exception>
    public RoutePage Read(int partition, int page)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, partitions.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, Buckets);
        var routes = new List<RouteChange>();
        var buckets = _partitions[partition];
        lock (buckets)
        {
            while (page < Buckets && routes.Count < PageRoutes) routes.AddRange(buckets[page++] ?? []);
        }
        return new RoutePage([.. routes], page < Buckets ? page : null);
    }

    // A session's routes are kept by the topic grain itself, and so is a member that is away.
    private static bool IsOfGateway(RouteChange change) => !change.Removed && (change.Kind == RouteKind.Gateway || change is { Kind: RouteKind.SharedMember, Gateway: not null });
}

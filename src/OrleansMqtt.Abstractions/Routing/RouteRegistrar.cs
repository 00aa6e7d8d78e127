using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Routing;

/// <summary>
/// Tells topic grains about routes: per partition and kind in order, in batches, one call in flight. The changes of many clients share a call.
/// One for the gateway and the sessions of a process, so that what they say of one filter arrives in the order in which they said it.
/// </summary>
internal sealed class RouteRegistrar
{
    private readonly TopicPartitions _partitions;
    private readonly Gathering<RouteChange>[] _gateways;
    private readonly Gathering<RouteChange>[] _others;

    /// <summary>For an embedded broker, whose topic grains end with it.</summary>
    public RouteRegistrar(TopicPartitions partitions, IGrainFactory grains, ILogger<RouteRegistrar> logger)
    {
        _partitions = partitions;
        _gateways = Channels(grains, logger, static topic => topic.ChangeGatewaysAsync);
        _others = Channels(grains, logger, static topic => topic.ChangeAsync);
    }

    /// <summary>For a process of a cluster, where a partition may move: what fails for that is sent again until it is in force or the process stops.</summary>
    public RouteRegistrar(TopicPartitions partitions, IGrainFactory grains, ILogger<RouteRegistrar> logger, LastingCalls calls)
    {
        _partitions = partitions;
        Book = new RouteBook(partitions);
        _gateways = Channels(grains, logger, topic => calls.Through(topic.ChangeGatewaysInOrderAsync));
        _others = Channels(grains, logger, topic => calls.Through(topic.ChangeInOrderAsync));
    }

    /// <summary>The one or the other, by whether the process is part of a cluster.</summary>
    public static RouteRegistrar Create(IServiceProvider services)
    {
        var (partitions, grains) = (services.GetRequiredService<TopicPartitions>(), services.GetRequiredService<IGrainFactory>());
        var logger = services.GetRequiredService<ILogger<RouteRegistrar>>();
        return services.GetService<LastingCalls>() is { } calls ? new RouteRegistrar(partitions, grains, logger, calls) : new RouteRegistrar(partitions, grains, logger);
    }

    /// <summary>What the gateway of this process has in force; null where nobody asks.</summary>
    public RouteBook? Book { get; }

    /// <summary>Sends one change as part of a batch.</summary>
    public void Change(RouteChange change, RouteBatch batch)
    {
        Book?.Note(change);
        batch.Begin();
        // No order between the two is needed: they are of different routes. And what waits for the store keeps nobody waiting who does not.
        var channels = change.Kind == RouteKind.Gateway ? _gateways : _others;
        channels[_partitions.Of(change.Filter)].TryAdd(change, batch.Completed);
    }

    private Gathering<RouteChange>[] Channels(IGrainFactory grains, ILogger logger, Func<ITopicGrain, Func<ImmutableArray<RouteChange>, Task>> method) =>
    [
        .. Enumerable.Range(0, _partitions.Count).Select(partition =>
        {
            // Not before the first change: a client that is not connected yet does not know which grains there are. One call at a time is under way.
            Func<ImmutableArray<RouteChange>, Task>? send = null;
            return new Gathering<RouteChange>(batch => (send ??= method(grains.GetGrain<ITopicGrain>(partition)))([.. batch]), logger, queues: true);
        }),
    ];
}

using System.Collections.Immutable;
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

    public RouteRegistrar(TopicPartitions partitions, IGrainFactory grains, ILogger<RouteRegistrar> logger)
    {
        _partitions = partitions;
        _gateways = Channels(static topic => topic.ChangeGatewaysAsync);
        _others = Channels(static topic => topic.ChangeAsync);

        Gathering<RouteChange>[] Channels(Func<ITopicGrain, Func<ImmutableArray<RouteChange>, Task>> method) =>
        [
            .. Enumerable.Range(0, partitions.Count).Select(partition =>
            {
                var send = method(grains.GetGrain<ITopicGrain>(partition));
                return new Gathering<RouteChange>(batch => send([.. batch]), logger, queues: true);
            }),
        ];
    }

    /// <summary>Sends one change as part of a batch.</summary>
    public void Change(RouteChange change, RouteBatch batch)
    {
        batch.Begin();
        // No order between the two is needed: they are of different routes. And what waits for the store keeps nobody waiting who does not.
        var channels = change.Kind == RouteKind.Gateway ? _gateways : _others;
        channels[_partitions.Of(change.Filter)].TryAdd(change, batch.Completed);
    }
}

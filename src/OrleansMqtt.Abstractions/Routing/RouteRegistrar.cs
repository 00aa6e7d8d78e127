using Microsoft.Extensions.Logging;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Routing;

/// <summary>
/// Tells topic grains about routes: per partition in order, in batches, one call in flight. The changes of many clients share a call.
/// One for the gateway and the sessions of a process, so that what they say of one filter arrives in the order in which they said it.
/// </summary>
internal sealed class RouteRegistrar
{
    private readonly TopicPartitions _partitions;
    private readonly Gathering<RouteChange>[] _channels;

    public RouteRegistrar(TopicPartitions partitions, IGrainFactory grains, ILogger<RouteRegistrar> logger)
    {
        _partitions = partitions;
        _channels = new Gathering<RouteChange>[partitions.Count];
        for (var i = 0; i < _channels.Length; i++)
        {
            var topic = grains.GetGrain<ITopicGrain>(i);
            _channels[i] = new Gathering<RouteChange>(batch => topic.ChangeAsync([.. batch]), logger, queues: true);
        }
    }

    /// <summary>Sends one change as part of a batch.</summary>
    public void Change(RouteChange change, RouteBatch batch)
    {
        batch.Begin();
        _channels[_partitions.Of(change.Filter)].TryAdd(change, batch.Completed);
    }
}

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
            _channels[i] = new Gathering<RouteChange>(batch => topic.ChangeAsync([.. batch]), logger);
        }
    }

    /// <summary>Sends one change; completed when it is in force in every silo.</summary>
    public Task ChangeAsync(RouteChange change)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _channels[_partitions.Of(change.Filter)].TryAdd(change, failure =>
        {
            if (failure is null) done.SetResult();
            else done.SetException(failure);
        });
        return done.Task;
    }
}

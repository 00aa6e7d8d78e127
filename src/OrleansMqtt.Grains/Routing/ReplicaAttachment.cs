using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Fills a silo's replica before the silo routes anything.</summary>
internal static class ReplicaAttachment
{
    public static async Task AttachAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var (grains, partitions) = (services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<TopicPartitions>());
        var (replica, silo) = (services.GetRequiredService<RouteReplica>(), services.GetRequiredService<ILocalSiloDetails>());
        var reference = grains.CreateObjectReference<IRouteReplica>(replica);
        await Task.WhenAll(Enumerable.Range(0, partitions.Count).Select(partition =>
            grains.GetGrain<ITopicGrain>(partition).AttachAsync(silo.SiloAddress.ToString(), reference))).WaitAsync(cancellationToken);
    }
}

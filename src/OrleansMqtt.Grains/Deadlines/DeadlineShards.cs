using OrleansMqtt.Deadlines;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Deadlines;

/// <summary>Finds the deadline grain of a client.</summary>
internal sealed class DeadlineShards(IGrainFactory grains)
{
    private static readonly TopicPartitions Shards = new(16);

    public IEnumerable<IDeadlineGrain> All => Enumerable.Range(0, Shards.Count).Select(shard => grains.GetGrain<IDeadlineGrain>(shard));

    public IDeadlineGrain Of(string clientId) => grains.GetGrain<IDeadlineGrain>(Shards.Of(clientId));
}

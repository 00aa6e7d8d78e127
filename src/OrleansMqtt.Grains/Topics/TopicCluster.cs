using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Topics;

/// <summary>What topic grains need in a cluster.</summary>
internal sealed record TopicCluster(LeaseTimes Times, ILeaseStore Leases, TimeProvider Time, ClusterStop Stop, ISiloFence? Fence = null)
{
    /// <summary>How long replicas' leases are.</summary>
    public TimeSpan ReplicaLease => Times.ReplicaWith(Fence);
}

/// <summary>Whether there is a cluster. Grains take services, and none of those is null.</summary>
internal sealed record TopicMode(TopicCluster? Cluster);

using Orleans.Configuration;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Hosting.Running;

/// <summary>What silos and gateways of a cluster have in common.</summary>
internal static class ClusterHosting
{
    // Calls that wait for others' stores and clients are bounded by themselves; this is for what hangs.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Names the cluster.</summary>
    public static void Name(ClusterOptions options, ClusterSettings cluster) => (options.ClusterId, options.ServiceId) = (cluster.Id, cluster.Id);

    /// <summary>Bounds calls.</summary>
    public static void Bound(MessagingOptions options) => options.ResponseTimeout = ResponseTimeout;

    /// <summary>The Redis server that keeps everything.</summary>
    public static RedisStoreOptions Redis(ClusterSettings cluster, StoreSettings store, RedisServer server) => new()
    {
        ConnectionString = server.ConnectionString,
        SettingName = server.Key,
        ClusterId = cluster.Id,
        Durability = store.Durability,
        Strict = store.Strict,
    };
}

using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Hosting;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Hosting.Running;

/// <summary>How silos and clients find each other with the bundled actor runtime.</summary>
internal static class ActorRuntime
{
    /// <summary>Makes a silo one of a cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="reachedAt">Says where others reach the silo, when it starts.</param>
    /// <param name="redis">Where they find each other.</param>
    public static ISiloBuilder JoinCluster(this ISiloBuilder silo, ClusterSettings cluster, Func<IPEndPoint> reachedAt, RedisStoreOptions redis)
    {
        Secure(silo.Services, cluster);
        silo.Services.AddSingleton<ISiloFence, Fence>().AddSingleton<IGrainMoves, GrainMoves>();
        return silo.UseRedisClustering(redis).UseStorageReminderService().Configure<EndpointOptions>(options =>
        {
            var reached = reachedAt();
            (options.AdvertisedIPAddress, options.SiloPort) = (reached.Address, reached.Port);
            if (cluster.Advertise is not null) options.SiloListeningEndpoint = cluster.Bind;
        });
    }

    /// <summary>Makes a client one of a cluster.</summary>
    public static IClientBuilder JoinCluster(this IClientBuilder client, ClusterSettings cluster, RedisStoreOptions redis)
    {
        Secure(client.Services, cluster);
        client.Services.AddRedisClustering(redis);
        return client;
    }

    /// <summary>Makes a silo the only one.</summary>
    public static ISiloBuilder RunAlone(this ISiloBuilder silo) => silo.UseLocalhostClustering().UseStorageReminderService();

    // The processes know each other by certificates, where there are some.
    private static void Secure(IServiceCollection services, ClusterSettings cluster)
    {
        if (cluster.Tls is { } tls) services.AddClusterTls(tls.Certificate, tls.Authorities, tls.ServerName);
    }

    // Orleans has none: a silo that is declared dead there may not know it yet.
    private sealed class Fence(IFencedMembership membership) : ISiloFence
    {
        public bool IsHeld => membership.HoldsLease;

        public ImmutableArray<string> Silos => membership.Silos;

        public Task Changed => membership.Changed;

        public bool IsHome(GrainId grain) => membership.IsHome(grain);

        public bool IsGone(string silo) => membership.IsDead(silo);
    }

    private sealed class GrainMoves(IFencedMembership membership) : IGrainMoves
    {
        public long Version => membership.Version;

        public Task Settled => membership.Settled;
    }
}

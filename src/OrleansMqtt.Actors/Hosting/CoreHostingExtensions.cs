using System.Net;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Clustering without a store.</summary>
public static class CoreHostingExtensions
{
    /// <summary>Names the cluster. A silo of the bundled runtime runs alone so far and listens nowhere, so the ports have no effect.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">Without effect.</param>
    /// <param name="gatewayPort">Without effect.</param>
    /// <param name="primarySiloEndpoint">Without effect.</param>
    /// <param name="serviceId">The service's name.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = 11111, int gatewayPort = 30000, IPEndPoint? primarySiloEndpoint = null,
        string serviceId = "dev", string clusterId = "dev") =>
        builder.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
}

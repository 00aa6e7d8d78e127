using System.Net;
using Orleans.Configuration;

namespace Orleans.Hosting;

/// <summary>Clustering without a store.</summary>
public static class CoreHostingExtensions
{
    private const string Unnamed = "dev";

    /// <summary>Names the cluster. A silo that runs alone listens nowhere, so the ports have no effect.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="siloPort">Without effect.</param>
    /// <param name="gatewayPort">Without effect.</param>
    /// <param name="primarySiloEndpoint">Without effect.</param>
    /// <param name="serviceId">The service's name; if both names are the default ones, they stay what <see cref="ClusterOptions"/> has.</param>
    /// <param name="clusterId">The cluster's name.</param>
    /// <returns>The builder.</returns>
    public static ISiloBuilder UseLocalhostClustering(
        this ISiloBuilder builder, int siloPort = 11111, int gatewayPort = 30000, IPEndPoint? primarySiloEndpoint = null,
        string serviceId = Unnamed, string clusterId = Unnamed) =>
        serviceId == Unnamed && clusterId == Unnamed ? builder : builder.Configure<ClusterOptions>(options =>
        {
            options.ServiceId = serviceId;
            options.ClusterId = clusterId;
        });
}

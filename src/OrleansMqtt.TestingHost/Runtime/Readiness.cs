using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Leases;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>Whether every part of a cluster knows which parts live.</summary>
internal static class Readiness
{
    /// <summary>What is missing, one sentence; null when nothing is.</summary>
    public static async Task<string?> MissingAsync(MqttTestCluster cluster)
    {
        MqttTestSilo[] silos = [.. cluster.Silos.Where(static silo => silo.IsActive)];
        MqttTestGateway[] gateways = [.. cluster.Gateways.Where(static gateway => gateway.IsActive)];
        var live = silos.Select(static silo => silo.SiloAddress).ToHashSet();
        foreach (var silo in silos)
        {
            if (!ClusterRuntime.SiloKnows(silo.Services, live)) return $"{silo} does not know which silos live.";
            if (!silo.Services.GetRequiredService<RoutingLeases>().AreInForce) return $"{silo} may not route.";
        }
        foreach (var gateway in gateways)
        {
            if (!ClusterRuntime.ClientKnows(gateway.Services, live)) return $"{gateway} does not know which silos live.";
            if (!gateway.Services.GetRequiredService<GatewayContext>().MayServe) return $"{gateway} may not serve clients.";
        }
        if (!ClusterRuntime.ClientKnows(cluster.ClientServices, live)) return "The cluster's client does not know which silos live.";
        return await MissingInRosterAsync(cluster, gateways);
    }

    private static async Task<string?> MissingInRosterAsync(MqttTestCluster cluster, MqttTestGateway[] gateways)
    {
        try
        {
            var roster = await cluster.Grains.GetGrain<IGatewayRegistryGrain>(0).ReadAsync();
            // Silos may have gateways of their own.
            var entries = roster.Gateways.Where(static entry => entry.Name.StartsWith(MqttTestGateway.NamePrefix, StringComparison.Ordinal)).ToList();
            var known = entries.Where(static entry => entry.Endpoint is not null).Select(static entry => entry.Name).ToHashSet();
            foreach (var gateway in gateways)
                if (!known.Remove(gateway.Services.GetRequiredService<GatewayContext>().Identity.Name)) return $"The silos do not know {gateway}.";
            return known.Count + entries.Count(static entry => entry.Endpoint is null) > 0 ? "A gateway that is gone still counts as alive." : null;
        }
        catch (Exception exception) when (PassingFailure.Is(exception))
        {
            return $"The registry of gateways cannot be asked: {exception.Message}";
        }
    }
}

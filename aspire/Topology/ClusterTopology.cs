namespace OrleansMqtt.AppHost.Topology;

/// <summary>What runs, whoever runs it: the one description that both drivers follow.</summary>
/// <param name="Redis">Keeps everything, and is where the others find each other.</param>
/// <param name="Silos">The grains' hosts; one at least.</param>
/// <param name="Gateways">The clients' doors; one at least.</param>
internal sealed record ClusterTopology(RedisNode Redis, IReadOnlyList<SiloNode> Silos, IReadOnlyList<GatewayNode> Gateways)
{
    /// <summary>Numbers the nodes from 1; gateways listen on consecutive ports.</summary>
    /// <param name="redis">The server.</param>
    /// <param name="silos">How many silos.</param>
    /// <param name="gateways">How many gateways.</param>
    /// <param name="firstPort">Port of the first gateway.</param>
    public static ClusterTopology Of(RedisNode redis, int silos, int gateways, int firstPort) => new(
        redis,
        [.. Enumerable.Range(1, silos).Select(static i => new SiloNode($"silo-{i}"))],
        [.. Enumerable.Range(1, gateways).Select(i => new GatewayNode($"gateway-{i}", firstPort + i - 1))]);
}

using Orleans.TestingHost;

namespace OrleansMqtt.Actors.Network.Tests.Clusters;

/// <summary>A cluster of several silos, and a number of grains that say where they are.</summary>
internal static class WhereCluster
{
    public const int Grains = 100;

    public static async Task<TestCluster> StartAsync(short silos)
    {
        var cluster = new TestClusterBuilder(silos).Build();
        await cluster.DeployAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        return cluster;
    }

    public static IWhereGrain Where(this TestCluster cluster, long key) => cluster.GrainFactory.GetGrain<IWhereGrain>(key);

    /// <summary>The name of each grain's silo.</summary>
    public static Task<string[]> WhereAllAsync(this TestCluster cluster) => Task.WhenAll(Enumerable.Range(0, Grains).Select(i => cluster.Where(i).Silo()));

    /// <summary>A grain that is on a silo.</summary>
    public static async Task<long> GrainOnAsync(this TestCluster cluster, SiloHandle silo) => Array.IndexOf(await cluster.WhereAllAsync(), silo.Name);
}

using Orleans.TestingHost;

namespace OrleansMqtt.Actors.Tests.Support;

/// <summary>Clusters of one silo.</summary>
internal static class Cluster
{
    public static async Task<TestCluster> StartAsync<TConfigurator>()
        where TConfigurator : new()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<TConfigurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    public static Task<TestCluster> StartAsync() => StartAsync<NoConfiguration>();

    internal sealed class NoConfiguration : ISiloConfigurator
    {
        public void Configure(Orleans.Hosting.ISiloBuilder siloBuilder)
        {
        }
    }
}

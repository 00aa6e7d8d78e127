using Orleans.TestingHost;

namespace OrleansMqtt.Actors.Tests.Support;

/// <summary>Clusters of as many silos as the run asks for: what a grain may rely on is the same in one silo and in several.</summary>
internal static class Cluster
{
    /// <summary>One, unless the environment says otherwise.</summary>
    public static short Silos { get; } = short.TryParse(Environment.GetEnvironmentVariable("ORLEANSMQTT_TEST_SILOS"), out var silos) ? silos : (short)1;

    public static async Task<TestCluster> StartAsync<TConfigurator>()
        where TConfigurator : new()
    {
        var builder = new TestClusterBuilder(Silos);
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

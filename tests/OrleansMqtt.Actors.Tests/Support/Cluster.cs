using System.Globalization;
using System.Reflection;
using Orleans.TestingHost;

namespace OrleansMqtt.Actors.Tests.Support;

/// <summary>Clusters of as many silos as the test project is about: what a grain may rely on is the same in one silo and in several.</summary>
internal static class Cluster
{
    /// <summary>One, unless the project says otherwise.</summary>
    public static short Silos { get; } = short.Parse(
        typeof(Cluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static pair => pair.Key == "Silos")?.Value ?? "1", CultureInfo.InvariantCulture);

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

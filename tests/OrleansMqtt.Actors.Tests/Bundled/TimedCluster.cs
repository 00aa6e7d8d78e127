using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>A cluster whose silo has a clock that the test moves.</summary>
internal static class TimedCluster
{
    public static async Task<(TestCluster Cluster, ManualTime Time)> StartAsync()
    {
        var cluster = await Cluster.StartAsync<Configuration>();
        return (cluster, (ManualTime)cluster.GetSiloServiceProvider().GetRequiredService<TimeProvider>());
    }

    internal sealed class Configuration : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Services.AddSingleton<TimeProvider>(new ManualTime());
            siloBuilder.UseInMemoryReminderService();
        }
    }
}

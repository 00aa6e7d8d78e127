using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using OrleansMqtt.Processes;

namespace OrleansMqtt.Tests;

/// <summary>A silo that is the only one, beside others of the same test process, with either actor runtime.</summary>
internal static class LoneSilo
{
    // The name by which Orleans asks for the clock of grains.
    private const string GrainClock = "Orleans.Grains";

    /// <summary>Makes a silo the only one. A clock that the test moves is that of grains and of our own services alone.</summary>
    public static ISiloBuilder RunAlone(this ISiloBuilder silo)
    {
        // Orleans takes its own parts for dead, and calls for lost, when their clock leaps.
        silo.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
        silo.Services.AddKeyedSingleton(GrainClock, static (services, _) => services.GetRequiredService<TimeProvider>());
        // It listens also when it is alone.
        var ports = FreePort.Take(2);
        return silo.UseLocalhostClustering(ports[0], ports[1]);
    }
}

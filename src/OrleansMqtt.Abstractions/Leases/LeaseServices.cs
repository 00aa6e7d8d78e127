using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Leases;

/// <summary>Makes a process part of a cluster, whether it has a silo, a gateway or both.</summary>
public static class LeaseServices
{
    /// <summary>Adds what gateways and silos need alike. To be called before either is added.</summary>
    public static IServiceCollection AddMqttLeases(this IServiceCollection services, LeaseTimes? times = null)
    {
        services.TryAddSingleton(times ?? new LeaseTimes());
        services.TryAddSingleton(static provider => new LastingCalls(
            provider.GetRequiredService<LeaseTimes>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger<LastingCalls>()));
        return services;
    }
}

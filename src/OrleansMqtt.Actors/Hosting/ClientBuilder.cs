using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;

namespace OrleansMqtt.Actors.Hosting;

internal sealed class ClientBuilder : IClientBuilder
{
    public ClientBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
        AddRuntime(services);
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    private static void AddRuntime(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(ClusterClient)))
        {
            return; // A host may be configured in several steps.
        }

        RuntimeServices.Add<ClientMessagingOptions>(services);
        services.AddSingleton(GrainClassCatalog.OfProcess);
        services.AddSingleton<ClusterClient>();
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ClusterClient>());
    }
}

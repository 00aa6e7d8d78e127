using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Networking.Transports;

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

        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnDispatcher, ThreadPoolDispatcher>();
        services.TryAddSingleton<ITransport, SocketTransport>();
        services.TryAddSingleton(GrainClassCatalog.OfProcess);
        services.TryAddSingleton(InterfaceCatalog.OfProcess);
        services.AddSingleton(static provider => new TurnEnvironment(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ITurnDispatcher>(),
            provider.GetRequiredService<IOptions<ClientMessagingOptions>>().Value.ResponseTimeout, provider.GetRequiredService<ILogger<ClusterClient>>()));
        services.AddSingleton(static provider => new MessageCenter(
            provider.GetRequiredService<TurnEnvironment>(), provider.GetRequiredService<InterfaceCatalog>(), provider.GetRequiredService<ILogger<MessageCenter>>()));
        services.AddSingleton<ClusterClient>();
        services.AddSingleton<IClusterClient>(static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
        services.AddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<ClusterClient>().GrainFactory);
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<ClusterClient>());
    }
}

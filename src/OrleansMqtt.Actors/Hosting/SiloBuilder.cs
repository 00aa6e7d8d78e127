using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Hosting;

internal sealed class SiloBuilder : ISiloBuilder
{
    public SiloBuilder(IServiceCollection services, IConfiguration configuration)
    {
        Services = services;
        Configuration = configuration;
        AddRuntime(services);
    }

    public IServiceCollection Services { get; }

    public IConfiguration Configuration { get; }

    private static void AddRuntime(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Silo)))
        {
            return; // A host may be configured in several steps.
        }

        services.AddLogging();
        services.AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ITurnDispatcher, ThreadPoolDispatcher>();
        services.TryAddSingleton(GrainClassCatalog.OfProcess);
        services.TryAddSingleton<InProcessCluster>();
        services.TryAddSingleton<ITransport, SocketTransport>();
        services.TryAddSingleton(InterfaceCatalog.OfProcess);
        services.AddSingleton(static provider => new TurnEnvironment(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ITurnDispatcher>(),
            provider.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.ResponseTimeout, provider.GetRequiredService<ILogger<Silo>>()));
        services.AddSingleton(static provider => new MessageCenter(
            provider.GetRequiredService<TurnEnvironment>(), provider.GetRequiredService<InterfaceCatalog>(), provider.GetRequiredService<ILogger<MessageCenter>>()));
        services.AddSingleton<SiloRouter>();
        services.AddSingleton<SiloMember>();
        // A silo with a membership table is one of a cluster; without, it runs alone.
        services.AddSingleton<ICallRouter>(static provider => provider.GetService<IMembershipTable>() is null
            ? provider.GetRequiredService<InProcessCluster>()
            : provider.GetRequiredService<SiloRouter>());
        services.AddSingleton<LocalSiloDetails>();
        services.TryAddSingleton<ILocalSiloDetails>(static provider => provider.GetRequiredService<LocalSiloDetails>());
        services.TryAddSingleton<IPersistentStateFactory, PersistentStateFactory>();
        services.AddSingleton<Silo>();
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<SiloHostedService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SiloHostedService>());
    }
}

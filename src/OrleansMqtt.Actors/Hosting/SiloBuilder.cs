using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Clusters;
using OrleansMqtt.Actors.Membership;
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

        RuntimeServices.Add<SiloMessagingOptions>(services);
        services.TryAddSingleton<InProcessCluster>();
        services.AddSingleton<SiloRouter>();
        services.AddSingleton<SiloMember>();
        services.AddSingleton<IFencedMembership>(static provider => provider.GetRequiredService<SiloMember>().Fenced);
        // A silo with a membership table is one of a cluster; without, it runs alone.
        services.AddSingleton<ICallRouter>(static provider => provider.GetService<IMembershipTable>() is null
            ? provider.GetRequiredService<InProcessCluster>()
            : provider.GetRequiredService<SiloRouter>());
        services.AddSingleton<LocalSiloDetails>();
        services.TryAddSingleton<ILocalSiloDetails>(static provider => provider.GetRequiredService<LocalSiloDetails>());
        services.TryAddSingleton<IPersistentStateFactory, PersistentStateFactory>();
        services.Configure<GrainTypeOptions>(static options => options.Classes.UnionWith(GrainClassCatalog.OfProcess.All.Select(static grainClass => grainClass.Type)));
        services.AddSingleton<SiloClasses>();
        services.TryAddSingleton(static provider => new GrainTypeResolver(provider.GetRequiredService<SiloClasses>().Hosted));
        services.AddSingleton<Silo>();
        services.AddSingleton<SiloLifecycle>();
        services.AddSingleton<ISiloLifecycle>(provider => provider.GetRequiredService<SiloLifecycle>());
        services.AddSingleton<IClusterClient>(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<IGrainFactory>(provider => provider.GetRequiredService<Silo>().GrainFactory);
        services.AddSingleton<SiloHostedService>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SiloHostedService>());
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Actors.Silos;

namespace Orleans.TestingHost;

/// <summary>A silo in the test's own process.</summary>
public class InProcessSiloHandle : SiloHandle
{
    private bool _isActive = true;

    /// <summary>Its host.</summary>
    public IHost SiloHost { get; init; } = null!;

    /// <summary>Its services.</summary>
    public IServiceProvider ServiceProvider => SiloHost.Services;

    /// <inheritdoc/>
    public override bool IsActive => _isActive;

    /// <inheritdoc/>
    public override async Task StopSiloAsync(bool stopGracefully)
    {
        if (!_isActive)
        {
            return;
        }

        if (stopGracefully)
        {
            await StopSiloAsync(CancellationToken.None);
        }
        else
        {
            _isActive = false;
            SiloHost.Services.GetRequiredService<SiloHostedService>().Kill();
        }
    }

    /// <inheritdoc/>
    public override async Task StopSiloAsync(CancellationToken ct)
    {
        if (_isActive)
        {
            _isActive = false;
            await SiloHost.StopAsync(ct);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await StopSiloAsync(stopGracefully: false);
        if (SiloHost is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    internal static async Task<SiloHandle> StartAsync(
        string name, TestClusterOptions options, IReadOnlyList<IConfigurationSource> configuration, Action<ISiloBuilder> wire)
    {
        var configurators = options.SiloBuilderConfiguratorTypes
            .Select(type => Activator.CreateInstance(Type.GetType(type!, throwOnError: true)!)!)
            .ToArray();
        var builder = new HostBuilder()
            .ConfigureHostConfiguration(host =>
            {
                foreach (var source in configuration)
                {
                    host.Add(source);
                }
            })
            .UseOrleans(silo =>
            {
                wire(silo);
                silo.Configure<SiloOptions>(silo => silo.SiloName = name);
                silo.Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (options.ClusterId, options.ServiceId));
                foreach (var configurator in configurators.OfType<ISiloConfigurator>())
                {
                    configurator.Configure(silo);
                }
            });
        foreach (var configurator in configurators.OfType<IHostConfigurator>())
        {
            configurator.Configure(builder);
        }

        var built = builder.Build();
        await built.StartAsync();
        var details = built.Services.GetRequiredService<ILocalSiloDetails>();
        return new InProcessSiloHandle
        {
            SiloHost = built, Name = name, SiloAddress = details.SiloAddress, ClusterOptions = options,
        };
    }
}

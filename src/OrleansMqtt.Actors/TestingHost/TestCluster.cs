using System.Collections.ObjectModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Silos;

namespace Orleans.TestingHost;

/// <summary>A cluster in the test's own process, with a client.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly InProcessCluster _cluster = new();
    private readonly ServiceProvider _clientServices = new ServiceCollection().BuildServiceProvider();
    private readonly TurnEnvironment _clientEnvironment;
    private readonly GrainFactory _client;
    private int _silosStarted;

    internal TestCluster(TestClusterOptions options, IReadOnlyList<IConfigurationSource> configurationSources)
    {
        Options = options;
        ConfigurationSources = configurationSources;
        _clientEnvironment = new TurnEnvironment(
            TimeProvider.System, new ThreadPoolDispatcher(), new SiloMessagingOptions().ResponseTimeout, NullLogger.Instance);
        _client = new GrainFactory(
            new References(_cluster, GrainClassCatalog.OfProcess), _clientEnvironment, _clientServices);
    }

    /// <summary>What the cluster is made of.</summary>
    public TestClusterOptions Options { get; }

    /// <summary>Where its silos get their configuration from.</summary>
    public IReadOnlyList<IConfigurationSource> ConfigurationSources { get; }

    /// <summary>The client.</summary>
    public IClusterClient Client => _client;

    /// <summary>The client, as a grain factory.</summary>
    public IGrainFactory GrainFactory => _client;

    /// <summary>The client's services.</summary>
    public IServiceProvider ServiceProvider => _clientServices;

    /// <summary>The first silo; null before the cluster is deployed and while it is stopped.</summary>
    public SiloHandle? Primary { get; private set; }

    /// <summary>The silos that run.</summary>
    public ReadOnlyCollection<SiloHandle> Silos => new(Primary is null ? [] : [Primary]);

    /// <summary>Starts the silos.</summary>
    public void Deploy() => DeployAsync().GetAwaiter().GetResult();

    /// <summary>Starts the silos.</summary>
    /// <returns>A task that completes when they serve.</returns>
    public async Task DeployAsync() => Primary ??= await StartSiloAsync();

    /// <summary>The services of a silo.</summary>
    /// <param name="silo">Its address; null: the first one.</param>
    /// <returns>The services.</returns>
    public IServiceProvider GetSiloServiceProvider(Runtime.SiloAddress? silo = null) =>
        Primary is InProcessSiloHandle handle && (silo is null || silo.Equals(handle.SiloAddress))
            ? handle.SiloHost.Services
            : throw new ArgumentException($"The silo {silo} does not run.");

    /// <summary>Stops a silo in good order: its grains are deactivated.</summary>
    /// <param name="instance">The silo.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    public Task StopSiloAsync(SiloHandle instance) => EndSiloAsync(instance, stopGracefully: true);

    /// <summary>Ends a silo as the death of its process would: grains get no chance to do anything.</summary>
    /// <param name="instance">The silo.</param>
    /// <returns>A task that completes when it is gone.</returns>
    public Task KillSiloAsync(SiloHandle instance) => EndSiloAsync(instance, stopGracefully: false);

    /// <summary>Stops a silo in good order and starts another of the same name.</summary>
    /// <param name="instance">The silo; one that was stopped or killed before is only started.</param>
    /// <returns>The new silo.</returns>
    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance)
    {
        await StopSiloAsync(instance);
        return Primary = await StartSiloAsync(instance.Name);
    }

    /// <summary>Starts a silo besides those that run: here, if none does.</summary>
    /// <param name="startAdditionalSiloOnNewPort">Without effect.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="NotSupportedException">One runs already.</exception>
    public async Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false) =>
        Primary is null
            ? Primary = await StartSiloAsync()
            : throw new NotSupportedException("The bundled runtime runs one silo until it has a network.");

    /// <summary>Stops all silos in good order.</summary>
    /// <returns>A task that completes when they have stopped.</returns>
    public Task StopAllSilosAsync() => Primary is null ? Task.CompletedTask : StopSiloAsync(Primary);

    /// <inheritdoc cref="StopAllSilosAsync"/>
    public void StopAllSilos() => StopAllSilosAsync().GetAwaiter().GetResult();

    /// <summary>Ends the cluster; silos that run are killed.</summary>
    /// <returns>A task that completes when they are gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Primary is not null)
        {
            await KillSiloAsync(Primary);
        }

        _clientEnvironment.Dispose();
        await _clientServices.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    private async Task<SiloHandle> StartSiloAsync(string? name = null) =>
        await InProcessSiloHandle.StartAsync(
            name ?? (_silosStarted++ == 0 ? "Primary" : $"Secondary_{_silosStarted}"), Options, ConfigurationSources, _cluster);

    private async Task EndSiloAsync(SiloHandle instance, bool stopGracefully)
    {
        ArgumentNullException.ThrowIfNull(instance);
        await instance.StopSiloAsync(stopGracefully);
        await instance.DisposeAsync();
        if (ReferenceEquals(Primary, instance))
        {
            Primary = null;
        }
    }
}

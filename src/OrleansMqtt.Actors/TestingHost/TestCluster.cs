using System.Collections.ObjectModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Actors.Clusters;

namespace Orleans.TestingHost;

/// <summary>A cluster in the test's own process, with a client.</summary>
public class TestCluster : IDisposable, IAsyncDisposable
{
    private readonly List<SiloHandle> _silos = [];
    private readonly Dictionary<string, int> _numbers = [];
    private IClusterClient? _client;

    internal TestCluster(TestClusterOptions options, IReadOnlyList<IConfigurationSource> configurationSources)
    {
        Options = options;
        ConfigurationSources = configurationSources;
        if (options.InitialSilosCount > 1)
        {
            Wiring = new NetworkWiring();
        }
        else
        {
            var direct = new DirectWiring();
            _client = direct.Client();
            Wiring = direct;
        }
    }

    /// <summary>What the cluster is made of.</summary>
    public TestClusterOptions Options { get; }

    /// <summary>Where its silos get their configuration from.</summary>
    public IReadOnlyList<IConfigurationSource> ConfigurationSources { get; }

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">The cluster is not deployed yet.</exception>
    public IClusterClient Client => _client ?? throw new InvalidOperationException("The cluster is not deployed yet.");

    /// <summary>The client, as a grain factory.</summary>
    public IGrainFactory GrainFactory => Client;

    /// <summary>The client's services.</summary>
    public IServiceProvider ServiceProvider => Client.ServiceProvider;

    /// <summary>The first silo that runs; null before the cluster is deployed and while it is stopped.</summary>
    public SiloHandle? Primary => _silos is [var first, ..] ? first : null;

    /// <summary>The other silos that run.</summary>
    public IReadOnlyList<SiloHandle> SecondarySilos => [.. _silos.Skip(1)];

    /// <summary>The silos that run.</summary>
    public ReadOnlyCollection<SiloHandle> Silos => new([.. _silos]);

    internal ITestWiring Wiring { get; }

    /// <summary>Starts the silos.</summary>
    public void Deploy() => DeployAsync().GetAwaiter().GetResult();

    /// <summary>Starts the silos and the client.</summary>
    /// <returns>A task that completes when they serve.</returns>
    public async Task DeployAsync()
    {
        await StartAdditionalSilosAsync(Options.InitialSilosCount - _silos.Count);
        _client ??= await Wiring.StartClientAsync(Options, ConfigureClient);
    }

    /// <summary>The services of a silo.</summary>
    /// <param name="silo">Its address; null: the first one.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">That silo does not run.</exception>
    public IServiceProvider GetSiloServiceProvider(Runtime.SiloAddress? silo = null) =>
        _silos.OfType<InProcessSiloHandle>().FirstOrDefault(handle => silo is null || silo.Equals(handle.SiloAddress))?.SiloHost.Services
        ?? throw new ArgumentException($"The silo {silo} does not run.");

    /// <summary>Stops a silo in good order: its grains are deactivated, or move to other silos.</summary>
    /// <param name="instance">The silo.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    public Task StopSiloAsync(SiloHandle instance) => EndSiloAsync(instance, stopGracefully: true);

    /// <summary>Ends a silo as the death of its process would: grains get no chance to do anything.</summary>
    /// <param name="instance">The silo.</param>
    /// <returns>A task that completes when it is gone.</returns>
    public Task KillSiloAsync(SiloHandle instance) => EndSiloAsync(instance, stopGracefully: false);

    /// <summary>Stops a silo in good order and starts another of the same name, at the same end point.</summary>
    /// <param name="instance">The silo; one that was stopped or killed before is only started.</param>
    /// <returns>The new silo.</returns>
    public async Task<SiloHandle?> RestartSiloAsync(SiloHandle instance)
    {
        await StopSiloAsync(instance);
        return await StartSiloAsync(instance.Name);
    }

    /// <summary>Starts a silo besides those that run.</summary>
    /// <param name="startAdditionalSiloOnNewPort">Without effect: each silo has an end point of its own.</param>
    /// <returns>The silo.</returns>
    /// <exception cref="NotSupportedException">The cluster was built for one silo.</exception>
    public async Task<SiloHandle> StartAdditionalSiloAsync(bool startAdditionalSiloOnNewPort = false)
    {
        if (Wiring is DirectWiring && _silos.Count > 0)
        {
            throw new NotSupportedException("A test cluster that was built for one silo has no network; build it with InitialSilosCount 2 or more.");
        }

        return await StartSiloAsync(_numbers.Count == 0 ? "Primary" : $"Secondary_{_numbers.Count}");
    }

    /// <summary>Starts silos besides those that run, all at once.</summary>
    /// <param name="silosToStart">How many.</param>
    /// <param name="startAdditionalSiloOnNewPort">Without effect.</param>
    /// <returns>The silos.</returns>
    public async Task<List<SiloHandle>> StartAdditionalSilosAsync(int silosToStart, bool startAdditionalSiloOnNewPort = false)
    {
        var started = new List<SiloHandle>();
        for (var i = 0; i < silosToStart; i++)
        {
            started.Add(await StartAdditionalSiloAsync(startAdditionalSiloOnNewPort));
        }

        return started;
    }

    /// <summary>Waits until silos and client know which silos live, and each grain has its place.</summary>
    /// <param name="didKill">Whether silos were killed; without effect, it waits for their death in either case.</param>
    /// <returns>A task that completes then.</returns>
    public async Task WaitForLivenessToStabilizeAsync(bool didKill = false)
    {
        if (Wiring is DirectWiring)
        {
            return;
        }

        var live = _silos.Select(static silo => silo.SiloAddress).ToHashSet();
        await Task.WhenAll(_silos.OfType<InProcessSiloHandle>().Select(silo => ViewOfAsync(silo.ServiceProvider.GetRequiredService<SiloMember>(), live)));
        await ViewOfAsync(Client.ServiceProvider.GetRequiredService<ClusterClient>(), live);
    }

    /// <summary>Stops all silos in good order, one after the other.</summary>
    /// <returns>A task that completes when they have stopped.</returns>
    public async Task StopAllSilosAsync()
    {
        while (_silos is [.., var last])
        {
            await StopSiloAsync(last);
        }
    }

    /// <inheritdoc cref="StopAllSilosAsync"/>
    public void StopAllSilos() => StopAllSilosAsync().GetAwaiter().GetResult();

    /// <summary>Ends the cluster; silos that run are killed.</summary>
    /// <returns>A task that completes when they are gone.</returns>
    public async ValueTask DisposeAsync()
    {
        while (_silos is [.., var last])
        {
            await KillSiloAsync(last);
        }

        await Wiring.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    private static async Task ViewOfAsync(IClusterMember member, HashSet<Runtime.SiloAddress> live)
    {
        while (!live.SetEquals(member.View.Placement.Silos))
        {
            await member.AtLeastAsync(member.View.Version + 1, CancellationToken.None);
        }

        await member.Settled;
    }

    private void ConfigureClient(Hosting.IClientBuilder client)
    {
        var configuration = new ConfigurationBuilder();
        foreach (var source in ConfigurationSources)
        {
            configuration.Add(source);
        }

        foreach (var type in Options.ClientBuilderConfiguratorTypes)
        {
            ((IClientBuilderConfigurator)Activator.CreateInstance(Type.GetType(type!, throwOnError: true)!)!).Configure(configuration.Build(), client);
        }
    }

    private async Task<SiloHandle> StartSiloAsync(string name)
    {
        if (!_numbers.TryGetValue(name, out var number))
        {
            _numbers.Add(name, number = _numbers.Count);
        }

        var silo = await InProcessSiloHandle.StartAsync(name, Options, ConfigurationSources, builder => Wiring.Configure(builder, number));
        _silos.Add(silo);
        return silo;
    }

    private async Task EndSiloAsync(SiloHandle instance, bool stopGracefully)
    {
        ArgumentNullException.ThrowIfNull(instance);
        _silos.Remove(instance);
        await instance.StopSiloAsync(stopGracefully);
        await instance.DisposeAsync();
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Messaging;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansMqtt.Hosting.Running;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>All that a test cluster takes from Microsoft Orleans besides what the bundled runtime has too: silos and clients over a membership table in memory and TCP on loopback.</summary>
internal sealed class ClusterRuntime : IAsyncDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(0.1);
    private readonly MembershipTable _table = new();
    private IHost? _client;

    /// <summary>How long a gateway's lease has to be: silos take some seconds to find out that one of them is gone.</summary>
    public static TimeSpan GatewayLease { get; } = TimeSpan.FromSeconds(10);

    /// <summary>A storage of documents.</summary>
    public static IGrainStorage NewGrainStorage() => new Actors.Persistence.MemoryGrainStorage();

    /// <summary>Would give users' grains a clock of their own.</summary>
    /// <exception cref="OrleansConfigurationException">Always: all grains of a silo have one clock here.</exception>
    public static void AddGrainTime(ISiloBuilder silo, TimeProvider time) => throw new OrleansConfigurationException(
        $"{nameof(MqttTestClusterBuilder.HasVirtualGrainTime)} is not to be had with Microsoft Orleans, where all grains of a silo have one clock; allowed is false.");

    /// <summary>Makes a silo one of the cluster.</summary>
    public void Add(ISiloBuilder silo, int number)
    {
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        silo.Services.AddSingleton<IMembershipTable>(_table);
        silo.ConfigureForMqtt(any, () => any);
    }

    /// <summary>Makes a gateway's client one of the cluster.</summary>
    public void Add(IClientBuilder client, int number)
    {
        client.Services.AddSingleton<IGatewayListProvider>(_table);
        client.ConfigureForMqtt(Refresh).UseConnectionRetryFilter(WaitForSiloAsync);
    }

    /// <summary>Starts the cluster's own client; a silo must run.</summary>
    public async Task<IClusterClient> StartClientAsync(TestClusterOptions options, Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            Add(client, -1);
            configure(client);
            client.Configure<Orleans.Configuration.ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (options.ClusterId, options.ServiceId));
        });
        _client = builder.Build();
        await _client.StartAsync();
        return _client.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Ends a client as the death of its process would: nothing more goes to silos or comes from them.</summary>
    public static async ValueTask SeverAsync(IServiceProvider client)
    {
        try
        {
            await ((IHostedService)client.GetRequiredService<IClusterClient>()).StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // It was told to be quick, and says now and then that it was.
        }
    }

    /// <summary>Whether a silo knows these silos and no others.</summary>
    public static bool SiloKnows(IServiceProvider silo, IReadOnlySet<SiloAddress> silos) =>
        silos.SetEquals(silo.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress));

    /// <summary>Whether a client could know these silos and no others.</summary>
    // What a client has read from the table it keeps to itself.
    public static bool ClientKnows(IServiceProvider client, IReadOnlySet<SiloAddress> silos) => silos.SetEquals(((MembershipTable)client.GetRequiredService<IGatewayListProvider>()).Active);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is not { } client) return;
        // There are no silos any more to which it could say goodbye.
        await SeverAsync(client.Services);
        client.Dispose();
    }

    private static async Task<bool> WaitForSiloAsync(Exception failure, CancellationToken cancellationToken)
    {
        await Task.Delay(ConnectPause, TimeProvider.System, cancellationToken);
        return true;
    }
}

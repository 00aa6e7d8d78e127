using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Silos;

namespace Orleans.TestingHost;

/// <summary>What ties the silos of a test cluster and its client together.</summary>
internal interface ITestWiring : IAsyncDisposable
{
    /// <summary>Makes a silo one of the cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="number">Its place among those that were ever started; one that is restarted keeps its own.</param>
    void Configure(ISiloBuilder silo, int number);

    /// <summary>Starts the client, when the first silos run.</summary>
    Task<IClusterClient> StartClientAsync(TestClusterOptions options, Action<IClientBuilder> configure);
}

/// <summary>One silo, whose grains the client calls directly: arguments go by reference.</summary>
internal sealed class DirectWiring : ITestWiring
{
    private readonly InProcessCluster _cluster = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly TurnEnvironment _environment = new(TimeProvider.System, new ThreadPoolDispatcher(), new ClientMessagingOptions().ResponseTimeout, NullLogger.Instance);

    /// <inheritdoc/>
    public void Configure(ISiloBuilder silo, int number) => silo.Services.AddSingleton(_cluster);

    /// <inheritdoc/>
    public Task<IClusterClient> StartClientAsync(TestClusterOptions options, Action<IClientBuilder> configure) => Task.FromResult<IClusterClient>(Client());

    /// <summary>The client, which needs no start.</summary>
    public GrainFactory Client() => new(new References(_cluster, GrainClassCatalog.OfProcess), _environment, _services);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _environment.Dispose();
        return _services.DisposeAsync();
    }
}

/// <summary>Any number of silos, over a membership table and a network in memory: as in earnest, but for the sockets.</summary>
internal sealed class NetworkWiring : ITestWiring
{
    private const int FirstPort = 10_001;

    private readonly MemoryMembershipTable _table = new();
    private IHost? _client;

    /// <summary>The network, whose links tests may cut.</summary>
    public MemoryNetwork Network { get; } = new();

    /// <summary>The end point of the silo of that number.</summary>
    public static IPEndPoint EndPointOf(int number) => new(IPAddress.Loopback, FirstPort + number);

    /// <summary>The end point of the client of that number; 0 is the cluster's own.</summary>
    public static IPEndPoint ClientEndPointOf(int number) => new(IPAddress.Loopback, FirstPort - 1 - number);

    /// <inheritdoc/>
    public void Configure(ISiloBuilder silo, int number)
    {
        Configure(silo.Services, EndPointOf(number));
        silo.Configure<EndpointOptions>(options => options.SiloPort = EndPointOf(number).Port);
    }

    /// <summary>Makes a client one of the cluster.</summary>
    /// <param name="client">The client.</param>
    /// <param name="number">Its place among those that were ever started; one that is restarted keeps its own.</param>
    public void Configure(IClientBuilder client, int number) => Configure(client.Services, ClientEndPointOf(number));

    /// <inheritdoc/>
    public async Task<IClusterClient> StartClientAsync(TestClusterOptions options, Action<IClientBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client =>
        {
            Configure(client, 0);
            client.Configure<ClusterOptions>(names => (names.ClusterId, names.ServiceId) = (options.ClusterId, options.ServiceId));
            configure(client);
        });
        _client = builder.Build();
        await _client.StartAsync();
        return _client.Services.GetRequiredService<IClusterClient>();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }
    }

    private void Configure(IServiceCollection services, IPEndPoint endPoint)
    {
        services.AddSingleton<IMembershipTable>(_table);
        services.AddSingleton(Network.From(endPoint));
    }
}

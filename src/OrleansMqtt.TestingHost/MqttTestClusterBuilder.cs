using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers;
using OrleansMqtt.Sessions;
using OrleansMqtt.TestingHost.Clocks;
using OrleansMqtt.TestingHost.Runtime;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.TestingHost;

/// <summary>Builds test clusters. One builder may build several; each has names, ports and clock of its own.</summary>
public sealed class MqttTestClusterBuilder
{
    private Action<ISiloBuilder> _configureSilo = static _ => { };
    private Func<GatewayOptions, GatewayOptions> _configureGateway = static options => options;
    private Action<IServiceCollection> _configureGatewayServices = static _ => { };
    private Action<IClientBuilder> _configureClient = static _ => { };
    private Action<ILoggingBuilder> _configureLogging = static _ => { };
    private Action<ISiloBuilder>? _store;

    /// <summary>How many gateways start, at least 0. Default: 2.</summary>
    public int Gateways { get; set; } = 2;

    /// <summary>How many silos start, at least 1. Default: 2.</summary>
    public int Silos { get; set; } = 2;

    /// <summary>Topic partitions, 1 to 4,096. Default: 8, which is fewer than a real cluster has and starts sooner.</summary>
    public int Partitions { get; set; } = 8;

    /// <summary>How soon parts count as dead.</summary>
    public MqttTestTimes Times { get; set; } = new();

    /// <summary>Bounds of what is kept for a session.</summary>
    public SessionLimits SessionLimits { get; set; } = new();

    /// <summary>
    /// The clock of all parts; null, the default, is one that goes with real time and does not run ahead of a process that gets no processor. One that a test moves itself must be moved while the
    /// cluster starts, stops and recovers, and in steps much smaller than the shortest lease.
    /// </summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>
    /// Whether the grains of users have a clock of their own, which stands but for <see cref="MqttTestCluster.AdvanceAsync"/>: that of their timers and reminders, and the <see cref="System.TimeProvider"/>
    /// that their constructors ask for. Leases, and all else that is the broker's, go on with the cluster's clock. Not to be had with
    /// Microsoft Orleans. Default: false.
    /// </summary>
    public bool HasVirtualGrainTime { get; set; }

    /// <summary>How long a start, a stop, or <see cref="MqttTestCluster.WaitUntilReadyAsync"/> may take before it fails, by the real clock. Default: 1 minute.</summary>
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Configures each silo, after everything of the broker's own: services, grain storages, what a user's grains need. Called at each start of one.</summary>
    /// <param name="configure">Configures it.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder ConfigureSilo(Action<ISiloBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configureSilo += configure;
        return this;
    }

    /// <summary>Makes these classes the only topic handlers of each silo. Without it they are all of the test's assembly and of those that its code names something of.</summary>
    /// <param name="classes">Grain classes with a <see cref="TopicHandlerAttribute"/>.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder UseTopicHandlers(params Type[] classes) => ConfigureSilo(silo => silo.UseTopicHandlers(classes));

    /// <summary>Changes the options of each gateway. Called at each start of one.</summary>
    /// <param name="configure">Takes the options and gives the changed ones. The name must stay.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder ConfigureGateway(Func<GatewayOptions, GatewayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var before = _configureGateway;
        _configureGateway = options => configure(before(options));
        return this;
    }

    /// <summary>Adds to the services of each gateway, or replaces some; after everything of the broker's own. Called at each start of one.</summary>
    /// <param name="configure">Adds them.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder ConfigureGatewayServices(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configureGatewayServices += configure;
        return this;
    }

    /// <summary>Configures the cluster's own client, by which the test calls grains.</summary>
    /// <param name="configure">Configures it.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder ConfigureClient(Action<IClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configureClient += configure;
        return this;
    }

    /// <summary>Configures the log of each silo and gateway. By default there is none.</summary>
    /// <param name="configure">Configures it.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder ConfigureLogging(Action<ILoggingBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _configureLogging += configure;
        return this;
    }

    /// <summary>Uses another store than one in memory that is the cluster's own: one that lasts longer (<see cref="MqttTestStore.AddTo"/>), or a real one.</summary>
    /// <param name="add">Adds it to a silo; all silos must share it.</param>
    /// <returns>This builder.</returns>
    public MqttTestClusterBuilder UseStore(Action<ISiloBuilder> add)
    {
        ArgumentNullException.ThrowIfNull(add);
        _store = add;
        return this;
    }

    /// <summary>Starts a cluster. It is ready: every part knows every other.</summary>
    /// <param name="cancellationToken">Gives up waiting until it is ready.</param>
    /// <returns>The cluster.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="TimeoutException">It was not ready within <see cref="WaitLimit"/>; says what was missing.</exception>
    public async Task<MqttTestCluster> StartAsync(CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Gateways);
        ArgumentOutOfRangeException.ThrowIfLessThan(Silos, 1);
        var clock = TimeProvider is null ? new PacedTimeProvider() : null;
        var id = TestClusterBuilder.CreateClusterId();
        var cluster = new MqttTestCluster(
            new ClusterPlan
            {
                Runtime = new ClusterRuntime(),
                Names = new TestClusterOptions { ClusterId = id, ServiceId = id },
                Time = clock is null ? TimeProvider! : new LentTimeProvider(clock),
                GrainTime = HasVirtualGrainTime ? new VirtualTimeProvider() : null,
                Times = Times,
                Partitions = Partitions,
                SessionLimits = SessionLimits,
                ConfigureSilo = _configureSilo,
                ConfigureClient = _configureClient,
                ConfigureGateway = _configureGateway,
                ConfigureGatewayServices = _configureGatewayServices,
                ConfigureLogging = _configureLogging,
                Store = _store ?? new MqttTestStore().AddTo,
                WaitLimit = WaitLimit,
            },
            clock);
        try
        {
            await cluster.StartAsync(Silos, Gateways, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Proxies;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>
/// A process without grains in a cluster: follows the membership and keeps a connection to every silo, by which it calls grains and silos call
/// its observers.
/// </summary>
internal sealed class ClusterClient : IClusterMember, IHostedService, IAsyncDisposable
{
    // A connection that is lost is opened again so soon: until then that silo cannot reach the client's observers.
    private static readonly TimeSpan ReconnectPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly MessageCenter _center;
    private readonly TurnEnvironment _environment;
    private readonly GrainClassCatalog _classes;
    private readonly MembershipWatcher _watcher;
    private readonly PeerNetwork _network;
    private readonly DepartedSilos _departed;
    private readonly References _references;
    private readonly PeerIdentity _self = PeerIdentity.OfClient(Guid.NewGuid().ToString("N"));
    private ITimer? _timer;
    private int _disposed;

    public ClusterClient(
        IServiceProvider services, MessageCenter center, TurnEnvironment environment, GrainClassCatalog classes, IMembershipTable table, ITransport transport,
        IOptions<ClusterOptions> cluster, IOptions<ClusterMembershipOptions> membership, ILogger<ClusterClient> logger)
    {
        (_center, _environment, _classes) = (center, environment, classes);
        _watcher = new MembershipWatcher(table, new MembershipTiming(membership.Value), OnViewAsync, environment.Time, logger);
        _network = new PeerNetwork(cluster.Value.ClusterId, transport, center, new NetworkOptions(), environment.Time, logger);
        _departed = new DepartedSilos(_network, environment.Time);
        _references = new References(new ClientRouter(center, () => View), classes);
        GrainFactory = new GrainFactory(_references, environment, services);
    }

    public GrainFactory GrainFactory { get; }

    /// <inheritdoc/>
    public IReferenceRuntime References => _references;

    /// <inheritdoc/>
    public MembershipView View => _watcher.Current;

    /// <inheritdoc/>
    public Task Settled => Task.CompletedTask;

    /// <inheritdoc/>
    public Task WhenReadyAsync(GrainId grainId) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _center.Require(_classes);
        _center.Start(_network, _self, this);
        await _watcher.StartAsync(cancellationToken).ConfigureAwait(false);
        _timer = _environment.Time.CreateTimer(static client => ((ClusterClient)client!).Connect(), this, TimeSpan.Zero, ReconnectPeriod);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        await _network.DrainAsync(DrainTime).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        _watcher.Dispose();
        await _network.DisposeAsync().ConfigureAwait(false);
        _center.FailAll(new SiloUnavailableException("The client has stopped."));
        GrainFactory.DeleteAllObjectReferences();
    }

    /// <inheritdoc/>
    public ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token) => _watcher.AtLeastAsync(version, token);

    /// <inheritdoc/>
    public void Refresh() => _watcher.Refresh();

    /// <inheritdoc/>
    public Task RefreshAsync() => _watcher.RefreshAsync();

    /// <inheritdoc/>
    public ObserverMailbox? FindObserver(GrainId grainId) => GrainFactory.FindObserver(grainId);

    /// <inheritdoc/>
    public GrainOwnership OwnershipOf(GrainId grainId) => GrainOwnership.Elsewhere;

    /// <inheritdoc/>
    public void Deliver(GrainId grainId, MethodCall call) => _references.Deliver(grainId, call);

    private ValueTask OnViewAsync(MembershipView view)
    {
        _departed.Observe(view);
        Connect();
        return default;
    }

    private void Connect()
    {
        if (Volatile.Read(ref _disposed) != 0)
        {
            return;
        }

        foreach (var member in View.Members)
        {
            if (member.Status != SiloStatus.Joining)
            {
                _network.ConnectionTo(member.Address);
            }
        }
    }
}

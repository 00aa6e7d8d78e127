using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansMqtt.Actors.Activations;
using OrleansMqtt.Actors.Calls;
using OrleansMqtt.Actors.Clusters.Handover;
using OrleansMqtt.Actors.Mailboxes;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Actors.Networking;
using OrleansMqtt.Actors.Networking.Transports;
using OrleansMqtt.Actors.Observers;
using OrleansMqtt.Actors.Proxies;
using OrleansMqtt.Actors.Silos;

namespace OrleansMqtt.Actors.Clusters;

/// <summary>A silo's part in its cluster: its end point, its membership and its connections.</summary>
internal sealed class SiloMember : IClusterMember, IMembershipListener, IAsyncDisposable
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    private readonly Silo _silo;
    private readonly SiloRouter _router;
    private readonly MessageCenter _center;
    private readonly SiloClasses _classes;
    private readonly LocalSiloDetails _details;
    private readonly IMembershipTable _table;
    private readonly ITransport _transport;
    private readonly EndpointOptions _endpoint;
    private readonly MembershipTiming _timing;
    private readonly TurnEnvironment _environment;
    private readonly IHostApplicationLifetime? _lifetime;
    private readonly ILogger _logger;
    private readonly NetworkOptions _options;
    private PeerNetwork? _network;
    private Task? _ended;
    private MembershipAgent? _agent;
    private DepartedSilos? _departed;
    private PendingGrains? _pending;
    private readonly ObserverMailbox _handover;

    public SiloMember(
        Silo silo, SiloRouter router, MessageCenter center, SiloClasses classes, LocalSiloDetails details, IMembershipTable table, ITransport transport, TurnEnvironment environment,
        IOptions<EndpointOptions> endpoint, IOptions<ClusterMembershipOptions> membership, ILogger<SiloMember> logger, IHostApplicationLifetime? lifetime = null)
    {
        (_silo, _router, _center, _classes, _details, _table, _transport) = (silo, router, center, classes, details, table, transport);
        (_environment, _endpoint, _logger, _lifetime) = (environment, endpoint.Value, logger, lifetime);
        _timing = new MembershipTiming(membership.Value);
        _options = new NetworkOptions { Refuse = Refuse };
        Fenced = new FencedMembership(() => _agent);
        _handover = new ObserverMailbox(environment, new HandoverDesk(silo, () => Agent));
    }

    /// <summary>The membership, for who relies on self-fencing.</summary>
    public FencedMembership Fenced { get; }

    /// <inheritdoc/>
    public IReferenceRuntime References => _silo.References;

    /// <inheritdoc/>
    public MembershipView View => Agent.Current;

    /// <inheritdoc/>
    public Task Settled => Agent.Settled;

    private MembershipAgent Agent => _agent ?? throw new SiloUnavailableException("The silo has not joined its cluster yet.");

    /// <summary>Takes the end point, so that the silo has its address.</summary>
    /// <exception cref="OrleansConfigurationException">A contract cannot be sent to other processes.</exception>
    public async Task BindAsync(CancellationToken token)
    {
        _center.Require(_classes.Hosted);
        var network = _network = new PeerNetwork(_details.ClusterId, _transport, _center, _options, _environment.Time, _logger);
        _departed = new DepartedSilos(network, _environment.Time);
        var address = _endpoint.AdvertisedIPAddress ?? IPAddress.Loopback;
        var bound = (IPEndPoint)await network.BindAsync(_endpoint.SiloListeningEndpoint ?? new IPEndPoint(address, _endpoint.SiloPort), token).ConfigureAwait(false);
        var port = _endpoint.SiloListeningEndpoint is null || _endpoint.SiloPort == 0 ? bound.Port : _endpoint.SiloPort;
        _details.SiloAddress = SiloAddress.New(address, port, SiloGeneration.Next(_environment.Time));
    }

    /// <summary>Joins; when the task completes, its part of the grains is placed on the silo.</summary>
    public async Task JoinAsync(CancellationToken token)
    {
        var self = new MemberIdentity(_details.SiloAddress, _details.Name, _details.DnsHostName, 0, _classes.Manifest);
        _agent = new MembershipAgent(_table, self, _timing, this, _environment.Time, _logger);
        _pending = new PendingGrains(_agent, HandoverOf, _environment.Time);
        _router.Attach(_silo, _agent, _pending);
        _silo.Owns = grainId => _agent.OwnershipOf(grainId) == GrainOwnership.Owned;
        _center.Start(_network!, PeerIdentity.OfSilo(_details.SiloAddress), this);
        await _agent.JoinAsync(token).ConfigureAwait(false);
    }

    /// <summary>Hands the grains over to the other silos. Calls of grains go on; those that come for its own are sent to where they are now.</summary>
    public Task HandOverAsync(CancellationToken token) => _agent?.ShutDownAsync(token) ?? Task.CompletedTask;

    /// <summary>Leaves, when the grains are handed over.</summary>
    public async Task LeaveAsync(CancellationToken token)
    {
        if (_agent is { } agent)
        {
            await agent.LeaveAsync(token).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the connections, when everything that calls others has stopped.</summary>
    public async Task DrainAsync()
    {
        if (_network is { } network)
        {
            await network.DrainAsync(DrainTime).ConfigureAwait(false);
            await network.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends as the death of the process would.</summary>
    public void Kill()
    {
        _agent?.Dispose();
        _ended ??= _network?.DisposeAsync().AsTask();
        _center.FailAll(new SiloUnavailableException("The silo was killed."));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await (_ended ?? Task.CompletedTask).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token) => Agent.AtLeastAsync(version, token);

    /// <inheritdoc/>
    public void Refresh() => _agent?.Refresh();

    /// <inheritdoc/>
    public Task RefreshAsync() => _agent?.RefreshAsync() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ObserverMailbox? FindObserver(GrainId grainId) => grainId == HandoverDesk.Address ? _handover : _silo.GrainFactory.FindObserver(grainId);

    /// <inheritdoc/>
    public Task WhenReadyAsync(GrainId grainId) => _pending!.WhenReadyAsync(grainId);

    /// <inheritdoc/>
    public GrainOwnership OwnershipOf(GrainId grainId) => _silo.IsStatelessWorker(grainId) ? GrainOwnership.Owned : Agent.OwnershipOf(grainId);

    /// <inheritdoc/>
    public void Deliver(GrainId grainId, MethodCall call) => _router.Deliver(grainId, call);

    /// <inheritdoc/>
    public async ValueTask OnViewAsync(MembershipView view)
    {
        Fenced.Observe(view);
        _departed!.Observe(view);
        var reason = view.StatusOf(_details.SiloAddress) == SiloStatus.Active
            ? new DeactivationReason(DeactivationReasonCode.Migrating, "The grain has moved to another silo.")
            : new DeactivationReason(DeactivationReasonCode.ShuttingDown, "The silo stops.");
        await _silo.DeactivateAsync(grainId => Agent.OwnershipOf(grainId) == GrainOwnership.Elsewhere, reason).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void OnSuspended()
    {
        // The agent has logged it; the router asks for the lease with each call.
    }

    /// <inheritdoc/>
    public void OnResumed()
    {
        // As above.
    }

    /// <inheritdoc/>
    public void OnEnded(string reason)
    {
        SiloMemberLog.Ends(_logger, _details.SiloAddress, reason);
        // Under the agent's lock nothing may wait.
        _ = Task.Run(() =>
        {
            _silo.Kill();
            Kill();
            _lifetime?.StopApplication();
        });
    }

    private IHandover HandoverOf(SiloAddress silo) =>
        (IHandover)(object)_silo.References.Create(typeof(IHandover), HandoverDesk.Address, new RemoteObserver(_center, PeerIdentity.OfSilo(silo), HandoverDesk.Address));

    private string? Refuse(PeerIdentity peer) => peer.Silo is { } silo && _departed?.Contains(silo) is true ? $"{silo} is no member any more" : null;
}

internal static partial class SiloMemberLog
{
    [LoggerMessage(EventId = 1510, Level = LogLevel.Critical, Message = "The silo {Silo} ends: {Reason}")]
    public static partial void Ends(ILogger logger, SiloAddress silo, string reason);
}

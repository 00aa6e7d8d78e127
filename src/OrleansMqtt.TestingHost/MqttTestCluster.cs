using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using OrleansMqtt.Handlers;
using OrleansMqtt.TestingHost.Clocks;
using OrleansMqtt.TestingHost.Runtime;

namespace OrleansMqtt.TestingHost;

/// <summary>
/// A cluster of gateways and silos in the process of a test. Clients reach the gateways by TCP on loopback; silos and gateways reach each other by a network in memory, with everything else as
/// between processes: serialized calls, membership, leases. Any part can be killed, stopped and started again.
/// </summary>
/// <remarks>Operations on different parts may run side by side; those on one part must not.</remarks>
public sealed class MqttTestCluster : IAsyncDisposable
{
    private readonly ClusterPlan _plan;
    private readonly PacedTimeProvider? _clock;
    private ImmutableList<MqttTestSilo> _silos = [];
    private ImmutableList<MqttTestGateway> _gateways = [];
    private IClusterClient? _client;
    private int _disposed;

    internal MqttTestCluster(ClusterPlan plan, PacedTimeProvider? clock) => (_plan, _clock) = (plan, clock);

    /// <summary>The gateways that were ever started, in this order; those too that do not run.</summary>
    public IReadOnlyList<MqttTestGateway> Gateways => _gateways;

    /// <summary>The silos that were ever started, in this order; those too that do not run.</summary>
    public IReadOnlyList<MqttTestSilo> Silos => _silos;

    /// <summary>A client of the cluster, by which the test calls grains.</summary>
    public IGrainFactory Grains => _client ?? throw new InvalidOperationException("The cluster has not started.");

    /// <summary>The clock of all parts.</summary>
    public TimeProvider TimeProvider => _plan.Time;

    /// <summary>The clock of users' grains: of all parts, unless <see cref="MqttTestClusterBuilder.HasVirtualGrainTime"/> gives them one of their own.</summary>
    public TimeProvider GrainTime => _plan.GrainTime ?? _plan.Time;

    /// <summary>Starts one more silo.</summary>
    /// <returns>The silo. It takes its part of the grains; <see cref="WaitUntilReadyAsync"/> waits until everybody knows.</returns>
    public async Task<MqttTestSilo> StartAdditionalSiloAsync()
    {
        MqttTestSilo? silo = null;
        ImmutableInterlocked.Update(ref _silos, silos => silos.Add(silo = new MqttTestSilo(_plan, silos.Count)));
        await silo!.StartAsync();
        return silo;
    }

    /// <summary>Starts one more gateway.</summary>
    /// <returns>The gateway, which takes clients.</returns>
    public async Task<MqttTestGateway> StartAdditionalGatewayAsync()
    {
        MqttTestGateway? gateway = null;
        ImmutableInterlocked.Update(ref _gateways, gateways => gateways.Add(gateway = new MqttTestGateway(_plan, gateways.Count)));
        await gateway!.StartAsync();
        return gateway;
    }

    /// <summary>Ends a silo as kill -9 would: its grains get no chance to do anything, and others take over when its lease is over. Does nothing if it does not run.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>A task that completes when it is dead; the others need not know yet.</returns>
    public Task KillSiloAsync(MqttTestSilo silo) => Own(silo).EndAsync(gracefully: false);

    /// <summary>Stops a silo as SIGTERM would: it hands its grains over. Does nothing if it does not run.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    public Task StopSiloAsync(MqttTestSilo silo) => Own(silo).EndAsync(gracefully: true);

    /// <summary>Starts a silo that was killed or stopped; one that runs is stopped before.</summary>
    /// <param name="silo">The silo.</param>
    /// <returns>A task that completes when it has joined again.</returns>
    public async Task RestartSiloAsync(MqttTestSilo silo)
    {
        await StopSiloAsync(silo);
        await silo.StartAsync();
    }

    /// <summary>
    /// Ends a gateway as kill -9 would: connections break without a goodbye, what it holds is lost, and it does not give back its lease; when that is over, wills are published. Does nothing if it does
    /// not run.
    /// </summary>
    /// <param name="gateway">The gateway.</param>
    /// <returns>A task that completes when it is dead; the others need not know yet.</returns>
    public Task KillGatewayAsync(MqttTestGateway gateway) => Own(gateway).KillAsync();

    /// <summary>Stops a gateway as SIGTERM would: it says goodbye to its clients and leaves the cluster. Does nothing if it does not run.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    public Task StopGatewayAsync(MqttTestGateway gateway) => Own(gateway).StopAsync();

    /// <summary>Starts a gateway that was killed or stopped; one that runs is stopped before. It listens on another port than before.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <returns>A task that completes when it takes clients.</returns>
    public async Task RestartGatewayAsync(MqttTestGateway gateway)
    {
        await StopGatewayAsync(gateway);
        await gateway.StartAsync();
    }

    /// <summary>
    /// Waits until every part knows which parts live, no other counts as alive any more, and every silo may route. To be called when something was killed and the test is not about what happens
    /// until the others have noticed: clients that connect meanwhile may be refused with 0x88 Server unavailable, and try again.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes then.</returns>
    /// <exception cref="TimeoutException">It took longer than <see cref="MqttTestClusterBuilder.WaitLimit"/>; says what was missing.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Waiting.UntilAsync(() => Readiness.MissingAsync(this), _plan.WaitLimit, cancellationToken);

    /// <summary>
    /// Moves the clock of users' grains on, from one time at which a timer or reminder is due to the next, and waits at each until the grains have handled it: a timer of a minute ticks five
    /// times in five minutes. What a tick has awaited has happened then, so that what it has published has reached its receivers.
    /// </summary>
    /// <param name="by">How far, not negative.</param>
    /// <param name="cancellationToken">Gives up; the clock stays where it is.</param>
    /// <returns>A task that completes then.</returns>
    /// <exception cref="InvalidOperationException">The cluster was built without <see cref="MqttTestClusterBuilder.HasVirtualGrainTime"/>, or somebody else is moving the clock.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="MqttTestClusterBuilder.WaitLimit"/>: a tick may wait for the clock, which waits for it.</exception>
    public Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default) =>
        (_plan.GrainTime ?? throw new InvalidOperationException("The grains have no clock of their own: HasVirtualGrainTime is not set.")).AdvanceAsync(by, _plan.WaitLimit, cancellationToken);

    /// <summary>
    /// Waits until topic handlers have done with all that was published before (at QoS 0: that has arrived), and with what they have published themselves: it has been handled, or is a dead letter.
    /// Not needed behind a publish to a handler with <see cref="AckMode.Handled"/>.
    /// </summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes then.</returns>
    /// <exception cref="TimeoutException">It took longer than <see cref="MqttTestClusterBuilder.WaitLimit"/>.</exception>
    public Task WaitUntilHandledAsync(CancellationToken cancellationToken = default) => Handling.DoneAsync(_silos).WaitAsync(_plan.WaitLimit, cancellationToken);

    /// <summary>Kills all parts.</summary>
    /// <returns>A task that completes when they are gone.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await Task.WhenAll(_gateways.Select(static gateway => gateway.KillAsync()));
        await Task.WhenAll(_silos.Select(static silo => silo.EndAsync(gracefully: false)));
        await _plan.Runtime.DisposeAsync();
        if (_clock is not null) await _clock.DisposeAsync();
    }

    internal IServiceProvider ClientServices => _client!.ServiceProvider;

    internal async Task StartAsync(int silos, int gateways, CancellationToken cancellationToken)
    {
        // One after the other: each that joins moves grains, and those of one that is still joining would move twice.
        for (var i = 0; i < silos; i++) await StartAdditionalSiloAsync();
        _client = await _plan.Runtime.StartClientAsync(_plan.Names, client =>
        {
            client.Services.AddSingleton(_plan.Time);
            _plan.Configure<ClientMessagingOptions>(client.Services);
            _plan.ConfigureClient(client);
        });
        await Task.WhenAll(Enumerable.Range(0, gateways).Select(_ => StartAdditionalGatewayAsync()));
        await WaitUntilReadyAsync(cancellationToken);
    }

    private MqttTestSilo Own(MqttTestSilo silo) => _silos.Contains(silo) ? silo : throw new ArgumentException($"{silo} is not of this cluster.", nameof(silo));

    private MqttTestGateway Own(MqttTestGateway gateway) =>
        _gateways.Contains(gateway) ? gateway : throw new ArgumentException($"{gateway} is not of this cluster.", nameof(gateway));
}

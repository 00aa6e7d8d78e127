using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.TestingHost.Gateways;
using OrleansMqtt.TestingHost.Runtime;
using OrleansMqtt.Topics;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.TestingHost;

/// <summary>A gateway of a test cluster. It stays the same object when it is killed and started again; its port then is another one.</summary>
public sealed class MqttTestGateway
{
    /// <summary>What the names of all gateways of test clusters begin with.</summary>
    internal const string NamePrefix = "gateway-";

    private readonly ClusterPlan _plan;
    private readonly int _number;
    private volatile IHost? _running;

    internal MqttTestGateway(ClusterPlan plan, int number) => (_plan, _number) = (plan, number);

    /// <summary>Its name: <c>gateway-</c> and its place in <see cref="MqttTestCluster.Gateways"/>.</summary>
    public string Name => $"{NamePrefix}{_number}";

    /// <summary>Whether it runs.</summary>
    public bool IsActive => _running is not null;

    /// <summary>Where its first listener is.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public EndPoint EndPoint => Services.GetRequiredService<MqttGateway>().Listeners[0].EndPoint;

    /// <summary>The port of its first listener.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public int Port => ((IPEndPoint)EndPoint).Port;

    /// <summary>The same as clients take it: <c>mqtt://127.0.0.1:port</c>.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public Uri Uri => new($"mqtt://{EndPoint}");

    /// <summary>Its services.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public IServiceProvider Services => _running?.Services ?? throw new InvalidOperationException($"{Name} does not run.");

    /// <summary>Connects a client.</summary>
    /// <param name="clientId">Client identifier.</param>
    /// <param name="cleanStart">Whether a session that is there is thrown away.</param>
    /// <param name="sessionExpiry">How long the session outlives the connection, whole seconds; null: it does not.</param>
    /// <param name="will">What is published when the client dies.</param>
    /// <returns>The client, connected.</returns>
    /// <exception cref="IOException">It was refused, or the gateway has gone.</exception>
    public Task<MqttTestClient> ConnectAsync(string clientId, bool cleanStart = true, TimeSpan? sessionExpiry = null, Will? will = null) =>
        ConnectAsync(new ConnectPacket { ClientId = clientId, CleanStart = cleanStart, SessionExpiryInterval = (uint?)sessionExpiry?.TotalSeconds, Will = will });

    /// <summary>Connects a client with a CONNECT of one's own.</summary>
    /// <inheritdoc cref="ConnectAsync(string, bool, TimeSpan?, Will?)"/>
    /// <param name="connect">The CONNECT.</param>
    public Task<MqttTestClient> ConnectAsync(ConnectPacket connect) => MqttTestClient.ConnectAsync(EndPoint, connect);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal async Task StartAsync()
    {
        var options = _plan.ConfigureGateway(new GatewayOptions
        {
            // Of this run alone: no two gateways of a store ever have the same.
            Name = $"{Name}-{Guid.NewGuid():N}",
            Listeners = [new ListenerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) }],
            SysInterval = TimeSpan.Zero,
            Limits = new() { Session = _plan.SessionLimits },
        });
        var builder = _plan.CreateBuilder();
        builder.UseOrleansClient(client =>
        {
            _plan.Runtime.Add(client, _number);
            _plan.Configure<ClientMessagingOptions>(client.Services);
        });
        builder.Services.AddSingleton(new TopicPartitions(_plan.Partitions));
        builder.Services.AddMqttLeases(_plan.Leases);
        builder.Services.AddMqttRemoteGateway(options);
        MakeSeverable(builder.Services);
        _plan.ConfigureGatewayServices(builder.Services);
        _running = await _plan.StartAsync(builder);
    }

    internal async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is not { } host) return;
        await host.StopAsync().WaitAsync(_plan.WaitLimit);
        host.Dispose();
    }

    internal async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _running, null) is not { } host) return;
        // In this order: from here on it can tell the cluster nothing, and then not even its clients.
        await ClusterRuntime.SeverAsync(host.Services);
        host.Services.GetRequiredService<SeverableTransport>().Sever();
        await BuryAsync(host).WaitAsync(_plan.WaitLimit);
    }

    // Whoever waits for silos is told that there are none; then nothing keeps what is left from ending. Services of users are not stopped: a process that is killed stops none.
    private static async Task BuryAsync(IHost host)
    {
        host.Services.GetRequiredService<LaneRouter>().Dispose();
        host.Services.GetRequiredService<LastingCalls>().Dispose();
        await host.Services.GetRequiredService<MqttGateway>().StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private static void MakeSeverable(IServiceCollection services)
    {
        var sockets = services.Last(static service => service.ServiceType == typeof(IConnectionListenerFactory)).ImplementationFactory!;
        services.AddSingleton(provider => new SeverableTransport((IConnectionListenerFactory)sockets(provider)));
        services.AddSingleton<IConnectionListenerFactory>(static provider => provider.GetRequiredService<SeverableTransport>());
    }
}

using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>
/// A gateway with its clients, in-memory transport and a clock that the test moves. By itself a whole broker, with a silo and a store in memory; see <see cref="TestMesh"/> for
/// several of them.
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    /// <summary>Only a hang ends here; no test waits for it to pass.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);

    // Every test of one broker must hold for a gateway without a silo too, but for those that look into the process or at turns in a group: to be run by hand.
    private static readonly bool IsRemoteByDefault = Environment.GetEnvironmentVariable("ORLEANSMQTT_TEST_REMOTE") == "1";
    private readonly IHost _host;
    private readonly TestMesh? _mesh;
    private readonly List<TestClient> _clients = [];

    internal TestBroker(IHost host, InMemoryTransport transport, ManualTimeProvider time, TestMesh? mesh = null) => (_host, Transport, Time, _mesh) = (host, transport, time, mesh);

    public InMemoryTransport Transport { get; }

    public ManualTimeProvider Time { get; }

    public BrokerMetrics Metrics => _host.Services.GetRequiredService<BrokerMetrics>();

    public IServiceProvider Services => _host.Services;

    /// <summary>
    /// Starts a broker. `$SYS` is off unless <paramref name="options"/> say otherwise. <paramref name="configure"/> may replace services, to
    /// make a store fail for example. With <paramref name="cluster"/> it is the only process of a cluster.
    /// </summary>
    public static async Task<TestBroker> StartAsync(
        GatewayLimits? limits = null, bool tolerant = false, GatewayOptions? options = null, int serverToClientBuffer = 64 * 1024, Action<IServiceCollection>? configure = null,
        LeaseTimes? cluster = null, ListenerOptions? listener = null, IReadOnlyList<ListenerOptions>? listeners = null)
    {
        var used = OptionsOf(options ?? new GatewayOptions { SysInterval = TimeSpan.Zero }, listener ?? new ListenerOptions { Tolerant = tolerant });
        if (listeners is not null) used = used with { Listeners = listeners };
        if (limits is not null) used = used with { Limits = limits };
        if (IsRemoteByDefault && cluster is null)
        {
            var mesh = await TestMesh.StartAsync(used.Limits.Session, configure);
            return await mesh.AddGatewayAsync(used, serverToClientBuffer, owned: true);
        }
        var (transport, time) = (new InMemoryTransport { ServerToClientBuffer = serverToClientBuffer }, new ManualTimeProvider());
        var builder = CreateBuilder(time);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        AddSilo(builder, used.Limits.Session, cluster);
        builder.Services.AddMqttGateway(used);
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new TestBroker(host, transport, time);
    }

    internal static GatewayOptions OptionsOf(GatewayOptions options, ListenerOptions? listener = null) =>
        options with { Listeners = [listener ?? new ListenerOptions()], CloseLinger = TimeSpan.Zero };

    internal static HostApplicationBuilder CreateBuilder(ManualTimeProvider time)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        builder.Services.AddSingleton<TimeProvider>(time);
        // Many brokers share the process of the tests, and each would count the memory of all.
        builder.Services.AddSingleton<IMemoryProbe>(new TestMemory());
        return builder;
    }

    internal static void AddSilo(HostApplicationBuilder builder, SessionLimits limits, LeaseTimes? cluster = null) => builder.UseOrleans(silo =>
    {
        silo.RunAlone();
        if (cluster is not null) silo.AddMqttCluster(cluster);
        silo.AddMqttGrains(limits: limits);
        silo.AddMqttMemoryStore();
        // The clock leaps while calls are under way; one that hangs ends at the test's own guard.
        silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromDays(10_000));
    });

    /// <summary>Opens a connection without sending anything.</summary>
    /// <param name="version">What the client speaks.</param>
    /// <param name="address">Where it is; by default on this machine.</param>
    public TestClient Open(ProtocolVersion version = ProtocolVersion.V50, IPAddress? address = null)
    {
        var client = new TestClient(Transport.Connect(address), version);
        _clients.Add(client);
        return client;
    }

    /// <summary>Opens a connection, sends CONNECT and returns when CONNACK with success has come (it is in <see cref="TestClient.ConnAck"/>).</summary>
    public Task<TestClient> ConnectAsync(string clientId, ProtocolVersion version = ProtocolVersion.V50, bool cleanStart = true, uint? sessionExpiry = null, Will? will = null) =>
        ConnectAsync(new ConnectPacket { Version = version, ClientId = clientId, CleanStart = cleanStart, SessionExpiryInterval = sessionExpiry, Will = will });

    /// <summary>The same with a CONNECT of one's own.</summary>
    public async Task<TestClient> ConnectAsync(ConnectPacket connect)
    {
        var client = Open(connect.Version);
        await client.SendAsync(connect);
        var connAck = await client.ReceiveAsync<ConnAckPacket>();
        Assert.Equal(ReasonCode.Success, connAck.ReasonCode);
        client.ConnAck = connAck;
        return client;
    }

    /// <summary>Stops the host as SIGTERM would.</summary>
    public Task StopAsync() => _host.StopAsync().WaitAsync(2 * HangGuard);

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Abort();
        await StopAsync();
        _host.Dispose();
        if (_mesh is not null) await _mesh.DisposeAsync();
    }
}

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
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>A whole broker in this process: gateway and silo, in-memory transport and store, and a clock that the test moves.</summary>
public sealed class TestBroker : IAsyncDisposable
{
    /// <summary>Only a hang ends here; no test waits for it to pass.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(20);

    private readonly IHost _host;
    private readonly List<TestClient> _clients = [];

    private TestBroker(IHost host, InMemoryTransport transport, ManualTimeProvider time) => (_host, Transport, Time) = (host, transport, time);

    public InMemoryTransport Transport { get; }

    public ManualTimeProvider Time { get; }

    public BrokerMetrics Metrics => _host.Services.GetRequiredService<BrokerMetrics>();

    public IServiceProvider Services => _host.Services;

    /// <summary>
    /// Starts a broker. `$SYS` is off unless <paramref name="options"/> say otherwise. <paramref name="configure"/> may replace services, to
    /// make a store fail for example.
    /// </summary>
    public static async Task<TestBroker> StartAsync(
        GatewayLimits? limits = null, bool tolerant = false, GatewayOptions? options = null, int serverToClientBuffer = 64 * 1024, Action<IServiceCollection>? configure = null)
    {
        var (transport, time) = (new InMemoryTransport { ServerToClientBuffer = serverToClientBuffer }, new ManualTimeProvider());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(logging => logging.AddProvider(new TestOutputLog(TestContext.Current.TestOutputHelper)));
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        var used = (options ?? new GatewayOptions { SysInterval = TimeSpan.Zero }) with { Listeners = [new ListenerOptions { Tolerant = tolerant }], CloseLinger = TimeSpan.Zero };
        if (limits is not null) used = used with { Limits = limits };
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.AddMqttGrains(limits: used.Limits.Session);
            silo.AddMqttMemoryStore();
            // The clock leaps while calls are under way; one that hangs ends at the test's own guard.
            silo.Services.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromDays(10_000));
        });
        builder.Services.AddMqttGateway(used);
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new TestBroker(host, transport, time);
    }

    /// <summary>Opens a connection without sending anything.</summary>
    public TestClient Open(ProtocolVersion version = ProtocolVersion.V50)
    {
        var client = new TestClient(Transport.Connect(), version);
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
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Abort();
        await _host.StopAsync().WaitAsync(2 * HangGuard);
        _host.Dispose();
    }
}

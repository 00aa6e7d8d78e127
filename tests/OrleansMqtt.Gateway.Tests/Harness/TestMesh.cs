using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateways;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>A silo and gateways around it that reach it through grains alone, as from other processes. They count in one place.</summary>
internal sealed class TestMesh : IAsyncDisposable
{
    private readonly IHost _silo;
    private readonly InMemoryTransport? _siloTransport;
    private readonly List<TestBroker> _gateways = [];

    private TestMesh(IHost silo, InMemoryTransport? siloTransport, ManualTimeProvider time, TestDirectory directory) =>
        (_silo, _siloTransport, Time, Directory) = (silo, siloTransport, time, directory);

    public ManualTimeProvider Time { get; }

    public TestDirectory Directory { get; }

    /// <summary>Stands between gateways that are added from now on and the silo's grains.</summary>
    public Func<IGrainFactory, IGrainFactory> BetweenGrains { get; set; } = static grains => grains;

    public BrokerMetrics Metrics => _silo.Services.GetRequiredService<BrokerMetrics>();

    public IServiceProvider Services => _silo.Services;

    /// <summary>The gateway in the silo's process, where there is one.</summary>
    public TestBroker? Home { get; private set; }

    /// <summary>Starts a silo; <paramref name="configure"/> may replace its services.</summary>
    public static async Task<TestMesh> StartAsync(SessionLimits? limits = null, Action<IServiceCollection>? configure = null, bool withHome = false)
    {
        var (time, directory) = (new ManualTimeProvider(), new TestDirectory());
        var builder = TestBroker.CreateBuilder(time);
        builder.Services.AddSingleton<IGatewayDirectory>(directory);
        TestBroker.AddSilo(builder, limits ?? new SessionLimits());
        InMemoryTransport? transport = null;
        if (withHome)
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(transport = new InMemoryTransport());
            builder.Services.AddMqttGateway(TestBroker.OptionsOf(new GatewayOptions { Name = "home", SysInterval = TimeSpan.Zero }));
        }
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        var mesh = new TestMesh(host, transport, time, directory);
        if (withHome) mesh.Home = new TestBroker(new NotStopped(host), transport!, time);
        if (withHome) directory.Add("home", host.Services.GetRequiredService<GatewayContext>().RouterEndpoint!);
        return mesh;
    }

    /// <summary>Starts a gateway without a silo.</summary>
    public Task<TestBroker> AddGatewayAsync(string name, Func<GatewayOptions, GatewayOptions>? change = null) =>
        AddGatewayAsync(TestBroker.OptionsOf((change ?? (static options => options))(new GatewayOptions { Name = name, SysInterval = TimeSpan.Zero })), 64 * 1024, owned: false);

    /// <summary>The same; one that is owned ends the mesh when it ends.</summary>
    public async Task<TestBroker> AddGatewayAsync(GatewayOptions options, int serverToClientBuffer, bool owned)
    {
        var transport = new InMemoryTransport { ServerToClientBuffer = serverToClientBuffer };
        var builder = TestBroker.CreateBuilder(Time);
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.Services.AddSingleton(BetweenGrains(_silo.Services.GetRequiredService<IGrainFactory>()));
        builder.Services.AddSingleton(Metrics);
        builder.Services.AddMqttRemoteGateway(options);
        var host = builder.Build();
        await host.StartAsync();
        Directory.Add(options.Name, host.Services.GetRequiredService<GatewayContext>().RouterEndpoint!);
        var gateway = new TestBroker(host, transport, Time, owned ? this : null);
        if (!owned) _gateways.Add(gateway);
        return gateway;
    }

    /// <summary>At a quiet moment each copy has been sent, waits, or was dropped, on all gateways together.</summary>
    public void AssertAccounts() => Assert.Equal((Metrics.Copies, true), (Metrics.Sent + Metrics.Waiting + Metrics.TotalDropped, Metrics.Waiting >= 0));

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways) await gateway.DisposeAsync();
        if (Home is not null) await Home.DisposeAsync();
        await _silo.StopAsync();
        _silo.Dispose();
    }

    // The silo outlives its gateway's clients.
    private sealed class NotStopped(IHost host) : IHost
    {
        public IServiceProvider Services => host.Services;

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}

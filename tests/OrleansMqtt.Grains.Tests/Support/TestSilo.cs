using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Tests;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Tests.Support;

/// <summary>A silo without a gateway, with the memory store and a clock that the test moves.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;
    // References do not keep their objects.
    private readonly List<object> _observers = [];

    private TestSilo(IHost host, ManualTimeProvider time) => (_host, Time) = (host, time);

    public ManualTimeProvider Time { get; }

    /// <summary>Completed when it has started.</summary>
    public required Task Started { get; init; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public BrokerMetrics Metrics => _host.Services.GetRequiredService<BrokerMetrics>();

    public ILocalRouter Router => _host.Services.GetRequiredService<ILocalRouter>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a silo; <paramref name="configure"/> may replace services, such as a store by one that fails.</summary>
    /// <param name="configure">Changes services.</param>
    /// <param name="time">The clock; one of its own by default.</param>
    /// <param name="recovers">Whether it finishes what an earlier silo left before it is started.</param>
    /// <param name="cluster">How long leases are; null for an embedded broker's silo.</param>
    /// <param name="waits">Whether to wait until it has started.</param>
    public static async Task<TestSilo> StartAsync(Action<IServiceCollection>? configure = null, ManualTimeProvider? time = null, bool recovers = false, LeaseTimes? cluster = null, bool waits = true)
    {
        time ??= new ManualTimeProvider();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.UseOrleans(silo =>
        {
            silo.RunAlone();
            if (cluster is not null) silo.AddMqttCluster(cluster);
            silo.AddMqttGrains();
            silo.AddMqttMemoryStore();
            // The clock leaps while calls are under way; one that hangs ends at the test's own guard.
            silo.Services.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromDays(10_000));
            if (recovers) silo.AddMqttRecovery();
        });
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        var started = host.StartAsync();
        if (waits) await started;
        return new TestSilo(host, time) { Started = started };
    }

    public ITopicGrain Topic(int partition) => Grains.GetGrain<ITopicGrain>(partition);

    public IGatewayRegistryGrain Registry => Grains.GetGrain<IGatewayRegistryGrain>(0);

    public ISessionGrain Session(string clientId) => Grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));

    /// <summary>Finishes what an earlier silo left.</summary>
    public Task RecoverAsync() => Recovery.RunAsync(_host.Services, TestContext.Current.CancellationToken);

    public TObserver Reference<TObserver>(TObserver observer) where TObserver : class, IGrainObserver
    {
        _observers.Add(observer);
        return Grains.CreateObjectReference<TObserver>(observer);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

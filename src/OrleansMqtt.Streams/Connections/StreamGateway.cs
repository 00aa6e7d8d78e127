using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Streams.Connections;

/// <summary>
/// The gateway by which the queues of this silo are clients of the broker: where the process has one, that; otherwise one of its own, which listens nowhere. It starts with the first connection.
/// </summary>
internal sealed class StreamGateway(IServiceProvider services) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Lock _lock = new();
    private ServiceProvider? _own;
    private Task<MqttGateway>? _started;
    private bool _isStopping;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">The silo stops.</exception>
    // Neither the gateway nor its side of the connection belong to the grain that calls.
    public Task<PacketPipe> ConnectAsync() => Task.Run(OpenAsync);

    private async Task<PacketPipe> OpenAsync()
    {
        Task<MqttGateway> started;
        lock (_lock)
        {
            if (_isStopping) throw new IOException("The silo stops.");
            if (_started is null or { IsFaulted: true } or { IsCanceled: true }) _started = StartAsync();
            started = _started;
        }
        return new PacketPipe((await started).Connect("streams"));
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StreamGateway), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, StopAsync);

    private async Task<MqttGateway> StartAsync()
    {
        if (services.GetService<MqttGateway>() is { } ofProcess) return ofProcess;
        var own = Build();
        try
        {
            var gateway = own.GetRequiredService<MqttGateway>();
            await gateway.StartAsync(CancellationToken.None);
            _own = own;
            return gateway;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        Task<MqttGateway>? started;
        lock (_lock) (_isStopping, started) = (true, _started);
        if (started is null) return;
        var gateway = await started;
        if (_own is not { } own) return;
        await gateway.StopAsync(cancellationToken);
        await own.DisposeAsync();
    }

    // A container of its own: the silo's router is another one than that of a gateway.
    private ServiceProvider Build()
    {
        var own = new ServiceCollection();
        own.AddSingleton(services.GetRequiredService<ILoggerFactory>());
        own.AddLogging();
        own.AddSingleton(services.GetRequiredService<IGrainFactory>());
        own.AddSingleton(services.GetRequiredService<TimeProvider>());
        own.AddSingleton(services.GetRequiredService<TopicPartitions>());
        own.AddSingleton(services.GetRequiredService<BrokerMetrics>());
        own.AddMqttLeases(services.GetRequiredService<LeaseTimes>());
        own.AddMqttRemoteGateway(new GatewayOptions { Name = $"streams-{Guid.NewGuid():N}", Listeners = [], SysInterval = TimeSpan.Zero });
        return own.BuildServiceProvider();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OrleansMqtt.Streams.Queues;

/// <summary>What Orleans' persistent streams ask for to deliver the broker's messages.</summary>
internal sealed class MqttQueueAdapterFactory(string name, MqttStreamOptions options, IGrainFactory grains, TimeProvider time, ILoggerFactory logging) : IQueueAdapterFactory
{
    // Twice what the queue's grain holds.
    private readonly SimpleQueueAdapterCache _cache = new(new SimpleQueueCacheOptions { CacheSize = 4 * options.Window }, name, logging);
    private readonly HashRingBasedStreamQueueMapper _queues = new(new HashRingStreamQueueMapperOptions { TotalQueueCount = options.Queues }, name);

    /// <summary>Creates it for the provider of that name.</summary>
    public static MqttQueueAdapterFactory Create(IServiceProvider services, string name) => new(
        name, services.GetRequiredService<IOptionsMonitor<MqttStreamOptions>>().Get(name), services.GetRequiredService<IGrainFactory>(), services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILoggerFactory>());

    /// <inheritdoc/>
    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(new MqttQueueAdapter(name, grains, time));

    /// <inheritdoc/>
    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    /// <inheritdoc/>
    public IStreamQueueMapper GetStreamQueueMapper() => _queues;

    /// <inheritdoc/>
    // Orleans logs what a subscriber could not be given.
    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());
}

using Orleans.Streams;

namespace OrleansMqtt.Streams.Queues;

/// <summary>The way between streams and the broker: messages to be published go to a router, those of subscriptions come by queues.</summary>
internal sealed class MqttQueueAdapter(string name, IGrainFactory grains, TimeProvider time) : IQueueAdapter
{
    private readonly StreamPublisher _publisher = new(grains, time);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool IsRewindable => false;

    /// <inheritdoc/>
    public StreamProviderDirection Direction => StreamProviderDirection.ReadWrite;

    /// <inheritdoc/>
    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new MqttQueueReceiver(name, grains.GetGrain<IStreamQueueGrain>(QueueName.Of(name, queueId)));

    /// <inheritdoc/>
    public Task QueueMessageBatchAsync<T>(StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        events is IEnumerable<MqttMessage> messages
            ? _publisher.PublishAsync(streamId.GetKeyAsString(), messages)
            : throw new ArgumentException($"Streams of the provider {name} are of {nameof(MqttMessage)}, not of {typeof(T)}.", nameof(events));
}

using Orleans.Streams;

namespace OrleansMqtt.Streams.Queues;

/// <summary>Reads a queue for the silo that delivers its messages.</summary>
internal sealed class MqttQueueReceiver(string provider, IStreamQueueGrain queue) : IQueueAdapterReceiver
{
    private const int MostAtOnce = 1000;
    private long _read;

    /// <inheritdoc/>
    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        var messages = await queue.ReadAsync(_read, maxCount < 0 ? MostAtOnce : Math.Min(maxCount, MostAtOnce)).WaitAsync(cancellationToken);
        if (messages.Length > 0) _read = messages[^1].Position;
        return [.. messages.Select(message => new MqttBatchContainer(StreamId.Create(provider, message.Filter), message.Message, message.Position))];
    }

    /// <inheritdoc/>
    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, CancellationToken.None);

    /// <inheritdoc/>
    // In order, and without those that were given up: they are done as well.
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages, CancellationToken cancellationToken) =>
        messages.Count == 0 ? Task.CompletedTask : queue.AcknowledgeAsync(messages.Max(static message => ((MqttBatchContainer)message).Position)).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => MessagesDeliveredAsync(messages, CancellationToken.None);

    /// <inheritdoc/>
    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;
}

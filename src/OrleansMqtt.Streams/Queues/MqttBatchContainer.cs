using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OrleansMqtt.Streams.Queues;

/// <summary>A message on its way to the subscribers of a stream.</summary>
/// <param name="streamId">The stream.</param>
/// <param name="message">The message.</param>
/// <param name="position">Its place in its queue.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.Streams.MqttBatchContainer")]
internal sealed class MqttBatchContainer(StreamId streamId, MqttMessage message, long position) : IBatchContainer
{
    [Id(0)] private readonly StreamId _streamId = streamId;
    [Id(1)] private readonly MqttMessage _message = message;
    [Id(2)] private readonly long _position = position;

    /// <inheritdoc/>
    public StreamId StreamId => _streamId;

    /// <summary>Its place in its queue.</summary>
    public long Position => _position;

    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(_position);

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        _message is T item ? [Tuple.Create(item, SequenceToken)] : throw new InvalidCastException($"The stream {_streamId} is one of {nameof(MqttMessage)}, not of {typeof(T)}.");

    /// <inheritdoc/>
    public bool ImportRequestContext() => false;
}

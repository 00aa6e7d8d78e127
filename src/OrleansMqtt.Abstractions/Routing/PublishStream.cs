namespace OrleansMqtt.Routing;

/// <summary>
/// What one publisher has on its way, in its order. When a receiver could not take a message, what is behind it for that receiver fails too: the publisher sends all of it
/// again, and what had gone on would stand before the message that failed. Thread-safe.
/// </summary>
/// <remarks>A stream that has failed remains so. The publisher goes on in a new one when nothing of the former is on its way any more.</remarks>
internal sealed class PublishStream : IPublishStreams
{
    private Exception? _failure;

    /// <summary>What a message of it has failed with; null while none has.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    PublishStream IPublishStreams.StreamOf(string publisher) => this;

    /// <summary>A message of it has failed. To be called before anything else is sent to the receiver that did not take it.</summary>
    public void Fail(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null);
}

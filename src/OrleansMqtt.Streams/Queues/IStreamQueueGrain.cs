using System.Collections.Immutable;

namespace OrleansMqtt.Streams.Queues;

/// <summary>
/// A queue of a stream provider: a persistent session of the broker, with the filters that are subscribed to as streams, and the messages that grains have not been given yet. Key: the queue's name.
/// </summary>
[Alias("OrleansMqtt.IStreamQueueGrain")]
internal interface IStreamQueueGrain : IGrainWithStringKey
{
    /// <summary>Subscribes to a filter; when it returns, the subscription is in force in the whole cluster, and stored.</summary>
    [Alias("Subscribe")]
    Task SubscribeAsync(string filter);

    /// <summary>Ends the subscription to a filter, if there is one.</summary>
    [Alias("Unsubscribe")]
    Task UnsubscribeAsync(string filter);

    /// <summary>The messages behind a position, in order. They come again until they are acknowledged: to whoever reads from 0, and to all when the grain has begun anew.</summary>
    [Alias("Read")]
    Task<ImmutableArray<QueuedMessage>> ReadAsync(long after, int maximum);

    /// <summary>All messages up to a position have been delivered.</summary>
    [Alias("Acknowledge")]
    Task AcknowledgeAsync(long through);
}

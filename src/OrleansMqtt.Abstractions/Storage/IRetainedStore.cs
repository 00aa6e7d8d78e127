using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Storage;

/// <summary>Retained messages by partition and topic. A returned task is completed when the write has reached the store's durability level.</summary>
public interface IRetainedStore
{
    /// <summary>All retained messages of a partition.</summary>
    IAsyncEnumerable<Message> LoadAsync(int partition);

    /// <summary>Stores each message under its topic, in order; an empty payload removes the topic's message.</summary>
    ValueTask StoreAsync(int partition, ImmutableArray<Message> messages);
}

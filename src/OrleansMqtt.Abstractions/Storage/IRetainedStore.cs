using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Storage;

/// <summary>
/// Retained messages by partition and topic. Each write carries the writer's epoch: one that is older than the partition has been opened with is refused with `InconsistentStateException`.
/// A partition that nobody has opened has epoch 0. A returned task is completed when the write has reached the store's durability level.
/// </summary>
public interface IRetainedStore
{
    /// <summary>
    /// Fences off writers with an older epoch: what they have stored is loaded after this, and they store nothing any more. Returns the partition's epoch, which is higher than
    /// <paramref name="epoch"/> when a later writer has opened it. Epoch 0 fences off nobody.
    /// </summary>
    ValueTask<long> OpenAsync(int partition, long epoch);

    /// <summary>All retained messages of a partition.</summary>
    IAsyncEnumerable<Message> LoadAsync(int partition);

    /// <summary>Stores each message under its topic, in order; an empty payload removes the topic's message.</summary>
    ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages);
}

using System.Collections.Immutable;
using OrleansMqtt.Deadlines;

namespace OrleansMqtt.Storage;

/// <summary>A stored due time.</summary>
/// <param name="ClientId">Client identifier.</param>
/// <param name="Kind">What becomes due.</param>
/// <param name="Due">When, Unix milliseconds.</param>
/// <param name="Epoch">The epoch that set it.</param>
public readonly record struct Deadline(string ClientId, DeadlineKind Kind, long Due, long Epoch);

/// <summary>Due times by shard. A returned task is completed when the write has reached the store's durability level.</summary>
/// <remarks>
/// Writes are not fenced. What a grain that was paused and replaced sets late is of a past epoch, or the same again: the session that is told of a past epoch does nothing, but for setting its own time anew, in
/// whose place the past one may have come.
/// </remarks>
public interface IDeadlineStore
{
    /// <summary>All due times of a shard.</summary>
    ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard);

    /// <summary>Sets the time of one client and kind.</summary>
    ValueTask SetAsync(int shard, Deadline deadline);

    /// <summary>Removes a time, unless another one has been set for its client and kind since.</summary>
    ValueTask RemoveAsync(int shard, Deadline deadline);
}

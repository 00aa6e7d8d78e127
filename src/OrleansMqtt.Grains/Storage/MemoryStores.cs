using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Storage;

/// <summary>Retained messages of the `memory` store: the topic grains, which are kept active, have them already; nothing survives the process.</summary>
internal sealed class MemoryRetainedStore : IRetainedStore
{
    private readonly PartitionEpochs _epochs = new();

    public ValueTask<long> OpenAsync(int partition, long epoch) => new(_epochs.Open(partition, epoch));

    public async IAsyncEnumerable<Message> LoadAsync(int partition)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages)
    {
        _epochs.Require(partition, epoch);
        return default;
    }
}

/// <summary>Routes of the `memory` store; see <see cref="MemoryRetainedStore"/>.</summary>
internal sealed class MemorySubscriptionStore : ISubscriptionStore
{
    private readonly PartitionEpochs _epochs = new();

    public ValueTask<long> OpenAsync(int partition, long epoch) => new(_epochs.Open(partition, epoch));

    public ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition) => new([]);

    public ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes)
    {
        _epochs.Require(partition, epoch);
        return default;
    }
}

/// <summary>Due times of the `memory` store.</summary>
internal sealed class MemoryDeadlineStore : IDeadlineStore
{
    private readonly ConcurrentDictionary<(int, string, DeadlineKind), Deadline> _deadlines = new();

    public ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard) => new([.. _deadlines.Where(d => d.Key.Item1 == shard).Select(d => d.Value)]);

    public ValueTask SetAsync(int shard, Deadline deadline)
    {
        _deadlines[(shard, deadline.ClientId, deadline.Kind)] = deadline;
        return default;
    }

    public ValueTask RemoveAsync(int shard, Deadline deadline)
    {
        _deadlines.TryRemove(new KeyValuePair<(int, string, DeadlineKind), Deadline>((shard, deadline.ClientId, deadline.Kind), deadline));
        return default;
    }
}

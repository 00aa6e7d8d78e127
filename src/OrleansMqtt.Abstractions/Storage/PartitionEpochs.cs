using System.Collections.Concurrent;
using Orleans.Storage;

namespace OrleansMqtt.Storage;

/// <summary>The epochs that partitions have been opened with, for a store that one process has to itself: no writer of an earlier process is left to be fenced off. Thread-safe.</summary>
internal sealed class PartitionEpochs
{
    private readonly ConcurrentDictionary<int, long> _latest = new();

    /// <summary>Opens a partition. Returns its epoch, which is not lower than <paramref name="epoch"/>.</summary>
    public long Open(int partition, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return epoch == 0 ? _latest.GetValueOrDefault(partition) : _latest.AddOrUpdate(partition, static (_, opened) => opened, static (_, latest, opened) => Math.Max(latest, opened), epoch);
    }

    /// <summary>Lets a writer pass.</summary>
    /// <exception cref="InconsistentStateException">A later writer has opened the partition.</exception>
    public void Require(int partition, long epoch)
    {
        if (_latest.TryGetValue(partition, out var latest) && epoch < latest) throw PastEpoch.Of(partition, epoch, latest);
    }
}

using Orleans.Storage;

namespace OrleansMqtt.Storage;

/// <summary>What every store says to a writer that another one has taken the place of.</summary>
internal static class PastEpoch
{
    /// <summary>The failure of a write to a partition.</summary>
    public static InconsistentStateException Of(int partition, long epoch, long latest) => new($"Partition {partition}: epoch {epoch} is past, {latest} writes now.");
}

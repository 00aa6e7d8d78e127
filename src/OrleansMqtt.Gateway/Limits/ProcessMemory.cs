namespace OrleansMqtt.Gateway.Limits;

/// <summary>Asks the garbage collector: what was alive after its latest run, and what the process has besides the heap.</summary>
/// <remarks>The working set alone would not do: the collector keeps what it has freed, for as long as nobody else needs it.</remarks>
internal sealed class ProcessMemory : IMemoryProbe
{
    /// <inheritdoc/>
    public MemorySample Sample()
    {
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        var besides = Math.Max(0, Environment.WorkingSet - info.TotalCommittedBytes);
        return new MemorySample(info.HeapSizeBytes - info.FragmentedBytes + besides, info.TotalAvailableMemoryBytes, info.Index);
    }
}

namespace OrleansMqtt.Gateway.Limits;

/// <summary>Knows how much memory this process uses.</summary>
internal interface IMemoryProbe
{
    /// <summary>How things are.</summary>
    MemorySample Sample();
}

/// <summary>How much memory a process uses.</summary>
/// <param name="Used">Bytes in use, as far as is known.</param>
/// <param name="Available">Bytes that the machine or container has for it.</param>
/// <param name="Collection">Number of the garbage collection that they were counted by: what has been given up since is still among them.</param>
internal readonly record struct MemorySample(long Used, long Available, long Collection);

using OrleansMqtt.Gateway.Limits;

namespace OrleansMqtt.Gateway.Tests.Harness;

/// <summary>Memory that is used as much as the test says; by default not at all.</summary>
internal sealed class TestMemory : IMemoryProbe
{
    /// <summary>What the next look finds.</summary>
    public MemorySample Now { get; set; } = new(0, 1_000_000, 1);

    public MemorySample Sample() => Now;
}

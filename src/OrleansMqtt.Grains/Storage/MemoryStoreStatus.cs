using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Storage;

/// <summary>The `memory` store is always there, and promises nothing.</summary>
internal sealed class MemoryStoreStatus : IStoreStatus
{
    public string Description => "memory";

    public StoreDurability Durability => new(DurabilityLevel.Memory);

    public bool IsHealthy => true;

    public string? Problem => null;
}

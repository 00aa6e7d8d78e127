namespace OrleansMqtt.Storage.Sqlite;

/// <summary>Where the embedded store is and what a write survives.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The data directory; created if it is not there. One process at a time uses it.</summary>
    public required string Directory { get; init; }

    /// <summary><see cref="DurabilityLevel.Process"/> or <see cref="DurabilityLevel.Disk"/>.</summary>
    public StoreDurability Durability { get; init; } = new(DurabilityLevel.Disk);

    /// <summary>Most pages of 4 KB that the file may have; 0 for no limit but the disk's.</summary>
    internal long MaximumPages { get; init; }
}

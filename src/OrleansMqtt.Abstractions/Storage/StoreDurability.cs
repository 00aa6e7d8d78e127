namespace OrleansMqtt.Storage;

/// <summary>What an acknowledged write survives.</summary>
public enum DurabilityLevel : byte
{
    /// <summary>Nothing: it is gone with the process.</summary>
    Memory,

    /// <summary>The broker's process killed (`kill -9`).</summary>
    Process,

    /// <summary>The machine losing power: it is synced to the disk.</summary>
    Disk,

    /// <summary>The loss of the store's primary: so many replicas have it.</summary>
    Replica,
}

/// <summary>A durability level as configuration names it: <c>memory</c>, <c>process</c>, <c>disk</c>, <c>replica(n)</c>.</summary>
/// <param name="Level">The level.</param>
/// <param name="Replicas">Replicas that must have a write, from 1; 0 for the other levels.</param>
public readonly record struct StoreDurability(DurabilityLevel Level, int Replicas = 0)
{
    /// <summary>Reads a configured value; false when it is none of the four.</summary>
    public static bool TryParse(string text, out StoreDurability durability)
    {
        durability = text switch
        {
            "memory" => new(DurabilityLevel.Memory),
            "process" => new(DurabilityLevel.Process),
            "disk" => new(DurabilityLevel.Disk),
            _ => new(DurabilityLevel.Replica, ReadReplicas(text)),
        };
        return durability.Level != DurabilityLevel.Replica || durability.Replicas > 0;
    }

    /// <inheritdoc/>
    public override string ToString() => Level == DurabilityLevel.Replica ? $"replica({Replicas})" : Level.ToString().ToLowerInvariant();

    private static int ReadReplicas(string text) =>
        text.StartsWith("replica(", StringComparison.Ordinal) && text.EndsWith(')') && int.TryParse(text.AsSpan(8, text.Length - 9), System.Globalization.NumberStyles.None, null, out var count)
            ? count : 0;
}

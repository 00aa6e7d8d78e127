namespace OrleansMqtt.Hosts.Configuration;

/// <summary>The `Store` section.</summary>
/// <param name="Path">Where the store is; `memory`: nothing outlives the process.</param>
/// <param name="Durability">What an acknowledged message survives.</param>
internal sealed record StoreSettings(string Path, string Durability)
{
    private const string Memory = "memory";

    /// <summary>Reads it.</summary>
    public static StoreSettings Read(SettingsReader reader) => new(
        reader.Get("Store:Path").Only(Memory, "a directory comes"),
        reader.Get("Store:Durability").Only(Memory, "process, disk and replica(n) come"));
}

using System.Text.RegularExpressions;

namespace OrleansMqtt.Hosts.Configuration;

/// <summary>The `Store` section.</summary>
/// <param name="Path">Where the store is; `memory`: nothing outlives the process.</param>
/// <param name="Durability">What an acknowledged message survives.</param>
internal sealed partial record StoreSettings(string Path, string Durability)
{
    private const string Memory = "memory";

    /// <summary>Reads it.</summary>
    public static StoreSettings Read(SettingsReader reader) => new(
        reader.Get("Store:Path").Only(Memory, static path => path.Length > 0),
        reader.Get("Store:Durability").Only(Memory, LaterDurability().IsMatch));

    [GeneratedRegex(@"^(process|disk|replica\([0-9]+\))$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LaterDurability();
}

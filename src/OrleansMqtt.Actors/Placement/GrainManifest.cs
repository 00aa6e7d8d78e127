using System.Diagnostics.CodeAnalysis;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Placement;

/// <summary>
/// The grain types of a silo as one text, equal for equal sets: <c>grains</c> and the names, each behind a space, in ordinal order and escaped as in URIs. Silos of one cluster may
/// have different ones, as in a rolling upgrade.
/// </summary>
internal static class GrainManifest
{
    private const string Prefix = "grains";

    public static string Write(IEnumerable<GrainType> types) =>
        string.Join(' ', types.Select(static type => Uri.EscapeDataString(type.ToString())).Order(StringComparer.Ordinal).Prepend(Prefix));

    /// <summary>False for what is no such text: an older version's silo says nothing, and has, as far as others know, all types.</summary>
    public static bool TryRead(string? manifest, [NotNullWhen(true)] out HashSet<GrainType>? types)
    {
        var words = manifest?.Split(' ');
        types = words is [Prefix, ..] ? [.. words.Skip(1).Select(static name => GrainType.Create(Uri.UnescapeDataString(name)))] : null;
        return types is not null;
    }
}

using System.Globalization;
using System.Text.Json;

namespace OrleansMqtt.Protocol.Tests.Vectors;

/// <summary>Packets that the test suite of a widely used JavaScript codec (mqtt-packet) checks. They are not part of this repository: the
/// file shared/vectors/mqtt-packet-vectors.json is looked for beside the directories above the test assembly.</summary>
internal static class PacketVectors
{
    private static readonly Lazy<IReadOnlyDictionary<string, JsonElement>> Loaded = new(Load);

    /// <summary>Vectors by "number name", as names repeat; empty if the file is not there.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> ByName => Loaded.Value;

    private static Dictionary<string, JsonElement> Load()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(directory.FullName, "shared", "vectors", "mqtt-packet-vectors.json");
            if (!File.Exists(path)) continue;
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.EnumerateArray()
                .Select((vector, index) => (Name: string.Create(CultureInfo.InvariantCulture, $"{index} {vector.GetProperty("name")}"), Vector: vector.Clone()))
                .ToDictionary(entry => entry.Name, entry => entry.Vector);
        }

        return [];
    }
}

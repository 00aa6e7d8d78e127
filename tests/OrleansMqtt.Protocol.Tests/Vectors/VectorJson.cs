using System.Text;
using System.Text.Json;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Vectors;

/// <summary>Reads optional members of a vector; binary ones stand as text or as { "hex": … }.</summary>
internal static class VectorJson
{
    internal static JsonElement? Optional(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    internal static bool? Boolean(this JsonElement json, string name) => json.Optional(name)?.GetBoolean();

    internal static ushort? UInt16(this JsonElement json, string name) => json.Optional(name)?.GetUInt16();

    internal static uint? UInt32(this JsonElement json, string name) => json.Optional(name)?.GetUInt32();

    internal static uint[] UInt32s(this JsonElement json, string name) => json.Optional(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.GetUInt32())],
        { } single => [single.GetUInt32()],
    };

    internal static ReadOnlyMemory<byte>? Bytes(this JsonElement json, string name)
    {
        if (json.Optional(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? Convert.FromHexString(value.GetProperty("hex").GetString()!)
            : Encoding.UTF8.GetBytes(value.GetString()!);
    }

    internal static string? Text(this JsonElement json, string name) =>
        json.Bytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    internal static UserProperty[] UserProperties(this JsonElement json) =>
        json.Optional("userProperties") is { } properties ? [.. properties.EnumerateObject().SelectMany(Pairs)] : [];

    private static IEnumerable<UserProperty> Pairs(JsonProperty property) => property.Value.ValueKind == JsonValueKind.Array
        ? property.Value.EnumerateArray().Select(value => new UserProperty(property.Name, value.GetString()!))
        : [new UserProperty(property.Name, property.Value.GetString()!)];
}

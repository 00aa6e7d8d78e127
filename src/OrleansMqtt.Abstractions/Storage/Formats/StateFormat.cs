using System.Text.Json;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of a grain's state: JSON, public properties and fields. Users' grains keep what they like in it.</summary>
internal static class StateFormat
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true };

    /// <summary>The stored form.</summary>
    public static byte[] Encode<T>(T? state) => JsonSerializer.SerializeToUtf8Bytes(state, Json);

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="JsonException">The bytes are damaged, or of another type.</exception>
    public static T? Decode<T>(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize<T>(bytes, Json);
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>JSON, with names in camel case, read whatever their case.</summary>
internal sealed class JsonCodec<T> : IPayloadCodec<T>
{
    public bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            value = JsonSerializer.Deserialize<T>(payload.Span, JsonSerializerOptions.Web);
            reason = value is null && default(T) is null ? "The payload is JSON's null." : null;
        }
        catch (JsonException exception)
        {
            (value, reason) = (default, exception.Message);
        }
        return reason is null;
    }

    public void Write(T value, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        JsonSerializer.Serialize(json, value, JsonSerializerOptions.Web);
    }
}

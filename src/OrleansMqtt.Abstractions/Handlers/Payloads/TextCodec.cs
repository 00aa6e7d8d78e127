using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>Well-formed UTF-8.</summary>
internal sealed class TextCodec : IPayloadCodec<string>
{
    public bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out string value, [NotNullWhen(false)] out string? reason)
    {
        value = Utf8.IsValid(payload.Span) ? Encoding.UTF8.GetString(payload.Span) : null;
        reason = value is null ? "The payload is not UTF-8." : null;
        return value is not null;
    }

    public void Write(string value, IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(value, writer);
}

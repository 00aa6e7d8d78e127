using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>The payload as it is.</summary>
internal sealed class BytesCodec : IPayloadCodec<ReadOnlyMemory<byte>>, IPayloadCodec<byte[]>
{
    public bool TryRead(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> value, [NotNullWhen(false)] out string? reason)
    {
        (value, reason) = (payload, null);
        return true;
    }

    public bool TryRead(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out byte[] value, [NotNullWhen(false)] out string? reason)
    {
        (value, reason) = (payload.ToArray(), null);
        return true;
    }

    public void Write(ReadOnlyMemory<byte> value, IBufferWriter<byte> writer) => writer.Write(value.Span);

    public void Write(byte[] value, IBufferWriter<byte> writer) => writer.Write(value);
}

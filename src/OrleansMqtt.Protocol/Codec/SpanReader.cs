using System.Buffers.Binary;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Reads the fields of a packet from front to back. False means that the field does not fit or is not well-formed.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal readonly bool IsAtEnd => _rest.IsEmpty;

    internal bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    internal bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value)) return false;
        _rest = _rest[sizeof(ushort)..];
        return true;
    }

    internal bool TryReadBytes(int length, out ReadOnlySpan<byte> value)
    {
        if (_rest.Length < length)
        {
            value = default;
            return false;
        }

        value = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    internal bool TryReadBinary(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryReadUInt16(out var length) && TryReadBytes(length, out value);
    }

    internal bool TryReadText(out ReadOnlySpan<byte> value) => TryReadBinary(out value) && Utf8Text.IsValid(value);

    /// <summary>A property section: a variable byte integer, and as many bytes.</summary>
    internal bool TryReadSection(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (VariableByteInteger.TryRead(_rest, out var length, out var prefix) != FrameStatus.Complete) return false;
        _rest = _rest[prefix..];
        return TryReadBytes((int)length, out value);
    }
}

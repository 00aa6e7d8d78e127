using System.Buffers.Binary;
using System.Text;

namespace OrleansMqtt.Storage.Formats;

/// <summary>
/// Reads what <see cref="FormatWriter"/> wrote. Whatever the bytes are, the only exception is <see cref="InvalidDataException"/>.
/// What follows the fields that the reader knows is ignored: a newer version put it there.
/// </summary>
internal ref struct FormatReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Reads the version byte that each record begins with.</summary>
    /// <exception cref="InvalidDataException">It is not <paramref name="known"/>: damaged, or written in a form that this version cannot read.</exception>
    public void Version(byte known)
    {
        var version = Byte();
        if (version != known) throw new InvalidDataException($"Record of version {version}; {known} is known.");
    }

    public byte Byte() => Bytes(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    /// <summary>A number from 0 to <paramref name="maximum"/>.</summary>
    public uint Varint(uint maximum)
    {
        var value = Varint();
        return value <= maximum ? (uint)value : throw new InvalidDataException($"{value} where at most {maximum} is allowed.");
    }

    /// <summary>A length or a count of things that take a byte at least: not more than what is left.</summary>
    public int Length() => (int)Varint((uint)_rest.Length);

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > _rest.Length) throw new InvalidDataException($"The record ends {count - _rest.Length} bytes early.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public string Text()
    {
        var bytes = Bytes(Length());
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException("A text is not UTF-8.", exception);
        }
    }

    /// <summary>The bytes of a record within this one.</summary>
    public ReadOnlySpan<byte> Nested() => Bytes(BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
}

using System.Buffers.Binary;
using System.Text;

namespace OrleansMqtt.Storage.Formats;

/// <summary>Writes the stored form of a record: little-endian, lengths and small numbers as varints (seven bits a byte, the lowest first).</summary>
internal ref struct FormatWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>Starts a record.</summary>
    /// <param name="capacity">Bytes that it is likely to need, at least 1; it grows beyond.</param>
    public FormatWriter(int capacity) => _buffer = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>What has been written.</summary>
    public readonly ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>UTF-8 after its length.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>Leaves room for the length of a record within this one; <see cref="EndNested"/> fills it.</summary>
    public int BeginNested()
    {
        Take(4);
        return _length;
    }

    /// <summary>Ends the record that began at <paramref name="start"/>.</summary>
    public readonly void EndNested(int start) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start - 4), _length - start);

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(_buffer.Length * 2L, _length + (long)count)));
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }
}

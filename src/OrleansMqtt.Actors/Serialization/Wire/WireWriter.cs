using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Writes tagged values, see <see cref="WireType"/>. What was written counts only after <see cref="Commit"/>.</summary>
internal ref struct WireWriter(IBufferWriter<byte> output)
{
    private const int LongestTag = 6;
    private const int LongestVarint = 10;
    private const int LeastChunk = 256;
    // So many chars take at most 127 bytes, whose length takes one.
    private const int ShortText = 42;

    private Span<byte> _free;
    private int _used;

    /// <summary>How many objects and sequences are open.</summary>
    public int Depth { get; private set; }

    /// <summary>Hands the output what it has not got yet.</summary>
    public void Commit()
    {
        output.Advance(_used);
        _free = default;
        _used = 0;
    }

    public void Null(uint skipped) => Tag(skipped, WireType.Null);

    public void Varint(uint skipped, ulong value)
    {
        Reserve(LongestTag + LongestVarint);
        PutTag(skipped, WireType.Varint);
        PutVarint(value);
    }

    public void Fixed64(uint skipped, long value)
    {
        Reserve(LongestTag + sizeof(long));
        PutTag(skipped, WireType.Fixed64);
        BinaryPrimitives.WriteInt64LittleEndian(_free[_used..], value);
        _used += sizeof(long);
    }

    public void Bytes(uint skipped, ReadOnlySpan<byte> value)
    {
        Reserve(LongestTag + LongestVarint);
        PutTag(skipped, WireType.Bytes);
        PutBytes(value);
    }

    /// <summary>The bytes of a value of fixed size, to be filled at once.</summary>
    public Span<byte> Block(uint skipped, int length)
    {
        Reserve(LongestTag + LongestVarint + length);
        PutTag(skipped, WireType.Bytes);
        PutVarint((uint)length);
        var block = _free.Slice(_used, length);
        _used += length;
        return block;
    }

    /// <exception cref="ArgumentException">The text has half of a surrogate pair, which is nothing in UTF-8.</exception>
    public void Text(uint skipped, string value)
    {
        Tag(skipped, WireType.Bytes);
        PutText(value, replaceInvalid: false);
    }

    /// <summary>A text for people: what UTF-8 cannot say is replaced.</summary>
    public void LooseText(uint skipped, string value)
    {
        Tag(skipped, WireType.Bytes);
        PutText(value, replaceInvalid: true);
    }

    /// <exception cref="InvalidOperationException">It would be too deep.</exception>
    public void BeginObject(uint skipped)
    {
        Enter();
        Tag(skipped, WireType.Object);
    }

    /// <inheritdoc cref="BeginObject"/>
    public void BeginNamedObject(uint skipped, ReadOnlySpan<byte> name)
    {
        Enter();
        Reserve(LongestTag + LongestVarint);
        PutTag(skipped, WireType.NamedObject);
        PutBytes(name);
    }

    /// <summary>Goes on to the fields of a later group.</summary>
    public void NextGroup(uint groups) => Tag(groups, WireType.End);

    public void EndObject()
    {
        Depth--;
        Tag(0, WireType.End);
    }

    /// <inheritdoc cref="BeginObject"/>
    public void BeginSequence(uint skipped, int count)
    {
        Enter();
        Reserve(LongestTag + LongestVarint);
        PutTag(skipped, WireType.Sequence);
        PutVarint((uint)count);
    }

    public void EndSequence() => Depth--;

    private void Enter()
    {
        if (++Depth > WireLimits.Depth)
        {
            throw new InvalidOperationException(
                $"A value is more than {WireLimits.Depth} objects deep. What is sent to another process is a tree: it must not lead back to itself.");
        }
    }

    private void Tag(uint skipped, WireType wire)
    {
        Reserve(LongestTag);
        PutTag(skipped, wire);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PutTag(uint skipped, WireType wire)
    {
        if (skipped < WireLimits.Extended)
        {
            _free[_used++] = (byte)((skipped << 3) | (uint)wire);
            return;
        }

        _free[_used++] = (byte)((WireLimits.Extended << 3) | (uint)wire);
        PutVarint(skipped - WireLimits.Extended);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PutVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _free[_used++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _free[_used++] = (byte)value;
    }

    private void PutBytes(ReadOnlySpan<byte> value)
    {
        PutVarint((uint)value.Length);
        if (value.Length <= _free.Length - _used)
        {
            value.CopyTo(_free[_used..]);
            _used += value.Length;
        }
        else
        {
            Commit();
            output.Write(value);
        }
    }

    private void PutText(string value, bool replaceInvalid)
    {
        if (value.Length <= ShortText)
        {
            Reserve(1 + (ShortText * 3));
            var length = Encode(value, _free[(_used + 1)..], replaceInvalid);
            _free[_used] = (byte)length;
            _used += 1 + length;
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(value.Length * 3);
        try
        {
            var length = Encode(value, rented, replaceInvalid);
            Reserve(LongestVarint);
            PutBytes(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static int Encode(string value, Span<byte> bytes, bool replaceInvalid) =>
        Utf8.FromUtf16(value, bytes, out _, out var written, replaceInvalid) == OperationStatus.Done
            ? written
            : throw new ArgumentException("A text has half of a surrogate pair and cannot be sent to another process.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int bytes)
    {
        if (_free.Length - _used < bytes)
        {
            Refill(bytes);
        }
    }

    private void Refill(int bytes)
    {
        output.Advance(_used);
        _used = 0;
        _free = output.GetSpan(Math.Max(bytes, LeastChunk));
    }
}

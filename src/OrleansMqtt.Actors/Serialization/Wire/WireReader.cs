using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// Reads what <see cref="WireWriter"/> wrote. Whatever the bytes are, the only exception is <see cref="WireFormatException"/>.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> input)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _memory = input;
    private readonly ReadOnlySpan<byte> _input = input.Span;
    private int _position;
    private int _depth;

    public readonly int Left => _input.Length - _position;

    /// <summary>The wire type of a value that is no field.</summary>
    public WireType Value()
    {
        var tag = Byte();
        if (tag >= (byte)WireType.End)
        {
            WireFormatException.Throw($"The tag 0x{tag:X2} where a value is expected.");
        }

        return (WireType)tag;
    }

    /// <summary>Goes to the next field of an object; false at its end.</summary>
    public bool NextField(ref FieldCursor cursor)
    {
        while (true)
        {
            var tag = Byte();
            var skipped = (ulong)(tag >> 3);
            cursor.Wire = (WireType)(tag & 7);
            if (cursor.Wire == WireType.End)
            {
                if (skipped == 0)
                {
                    return false;
                }

                cursor.Group += (int)skipped;
                cursor.Next = 0;
                if (skipped == WireLimits.Extended || cursor.Group > WireLimits.Group)
                {
                    WireFormatException.Throw("An object has more groups of fields than there can be.");
                }

                continue;
            }

            if (skipped == WireLimits.Extended)
            {
                skipped += Varint(uint.MaxValue);
            }

            var id = cursor.Next + skipped;
            if (id > uint.MaxValue)
            {
                WireFormatException.Throw("The id of a field is too large.");
            }

            cursor.Id = (uint)id;
            cursor.Next = id + 1;
            return true;
        }
    }

    public ulong Varint(WireType wire)
    {
        Expect(wire, WireType.Varint);
        return Varint();
    }

    public long Fixed64(WireType wire)
    {
        Expect(wire, WireType.Fixed64);
        return BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
    }

    public ReadOnlySpan<byte> Bytes(WireType wire)
    {
        Expect(wire, WireType.Bytes);
        return Take(Length());
    }

    /// <summary>The bytes themselves, not a copy.</summary>
    public ReadOnlyMemory<byte> Memory(WireType wire)
    {
        var length = Bytes(wire).Length;
        return _memory.Slice(_position - length, length);
    }

    /// <summary>The bytes of a value of fixed size.</summary>
    public ReadOnlySpan<byte> Block(WireType wire, int length)
    {
        var block = Bytes(wire);
        if (block.Length != length)
        {
            WireFormatException.Throw($"{block.Length} bytes where {length} are expected.");
        }

        return block;
    }

    public string Text(WireType wire)
    {
        var bytes = Bytes(wire);
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new WireFormatException("A text is not UTF-8.", exception);
        }
    }

    /// <summary>Enters an object. Its fields follow; <see cref="Leave"/> when there are no more.</summary>
    public void BeginObject(WireType wire)
    {
        Expect(wire, WireType.Object);
        Enter();
    }

    /// <summary>Enters an object whose type is named.</summary>
    public string BeginNamedObject()
    {
        var name = Text(WireType.Bytes);
        Enter();
        return name;
    }

    /// <summary>Enters a sequence: as many values follow as it returns, which is not more than there are bytes left.</summary>
    public int BeginSequence(WireType wire)
    {
        Expect(wire, WireType.Sequence);
        var count = Length();
        Enter();
        return count;
    }

    public void Leave() => _depth--;

    /// <summary>Passes over a value.</summary>
    public void Skip(WireType wire)
    {
        switch (wire)
        {
            case WireType.Null:
                break;
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(sizeof(long));
                break;
            case WireType.Bytes:
                Take(Length());
                break;
            case WireType.Object:
                Enter();
                SkipFields();
                break;
            case WireType.NamedObject:
                Take(Length());
                Enter();
                SkipFields();
                break;
            case WireType.Sequence:
                for (var rest = BeginSequence(wire); rest > 0; rest--)
                {
                    Skip(Value());
                }

                Leave();
                break;
            default:
                WireFormatException.ThrowUnexpected(wire, WireType.Object);
                break;
        }
    }

    /// <summary>Passes over the fields of an object that was entered, and leaves it.</summary>
    public void SkipFields()
    {
        var cursor = default(FieldCursor);
        while (NextField(ref cursor))
        {
            Skip(cursor.Wire);
        }

        Leave();
    }

    /// <summary>To be called after the last value: nothing may follow.</summary>
    public readonly void End()
    {
        if (Left > 0)
        {
            WireFormatException.Throw($"{Left} bytes follow the value.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Expect(WireType wire, WireType expected)
    {
        if (wire != expected)
        {
            WireFormatException.ThrowUnexpected(wire, expected);
        }
    }

    private void Enter()
    {
        if (++_depth > WireLimits.Depth)
        {
            WireFormatException.Throw($"A value is more than {WireLimits.Depth} objects deep.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Byte()
    {
        if ((uint)_position >= (uint)_input.Length)
        {
            WireFormatException.ThrowEndsEarly();
        }

        return _input[_position++];
    }

    /// <summary>A length, or a count of things that take a byte at least: not more than what is left.</summary>
    private int Length() => (int)Varint((uint)Left, Varint());

    private ulong Varint(uint maximum) => Varint(maximum, Varint());

    private static ulong Varint(uint maximum, ulong value)
    {
        if (value > maximum)
        {
            WireFormatException.Throw($"{value} where at most {maximum} is possible.");
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Varint()
    {
        var first = Byte();
        return first < 0x80 ? first : LongVarint(first);
    }

    private ulong LongVarint(byte first)
    {
        var value = (ulong)first & 0x7F;
        for (var shift = 7; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        WireFormatException.Throw("A number is longer than 64 bits.");
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            WireFormatException.ThrowEndsEarly();
        }

        var taken = _input.Slice(_position, count);
        _position += count;
        return taken;
    }
}

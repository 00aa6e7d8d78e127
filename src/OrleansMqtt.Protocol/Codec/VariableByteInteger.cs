namespace OrleansMqtt.Protocol.Codec;

/// <summary>Integers of one to four bytes, seven bits each, lowest first (MQTT 5.0 section 1.5.5).</summary>
public static class VariableByteInteger
{
    /// <summary>The largest value: 268,435,455.</summary>
    public const uint Maximum = 268_435_455;

    /// <summary>Bytes that <paramref name="value"/> takes, 1 to 4.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above <see cref="Maximum"/>.</exception>
    public static int GetLength(uint value)
    {
        if (value < 1 << 7) return 1;
        if (value < 1 << 14) return 2;
        if (value < 1 << 21) return 3;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Maximum);
        return 4;
    }

    /// <summary>Writes <paramref name="value"/> with as few bytes as possible [MQTT-1.5.5-1]; returns how many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above <see cref="Maximum"/>.</exception>
    public static int Write(Span<byte> destination, uint value)
    {
        if (value < 1 << 7)
        {
            destination[0] = (byte)value;
            return 1;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Maximum);
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads the integer at the start of <paramref name="source"/>.</summary>
    /// <param name="source">Bytes from the integer on.</param>
    /// <param name="value">The value if complete.</param>
    /// <param name="length">Its length in bytes if complete.</param>
    /// <returns>Invalid if it takes more than four bytes, or more than the value needs [MQTT-1.5.5-1].</returns>
    public static FrameStatus TryRead(ReadOnlySpan<byte> source, out uint value, out int length)
    {
        value = 0;
        for (length = 0; length < 4; length++)
        {
            if (length >= source.Length) return FrameStatus.Incomplete;
            var next = source[length];
            value |= (next & 0x7FU) << (7 * length);
            if (next >= 0x80) continue;
            if (next == 0 && length > 0) return FrameStatus.Invalid;
            length++;
            return FrameStatus.Complete;
        }

        return FrameStatus.Invalid;
    }
}

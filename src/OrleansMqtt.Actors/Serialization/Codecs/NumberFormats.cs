using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Actors.Serialization;

internal readonly struct UnsignedFormat<T> : IWireFormat<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static void Write(ref WireWriter writer, uint skipped, T value) => writer.Varint(skipped, ulong.CreateTruncating(value));

    public static T Read(ref WireReader reader, WireType wire)
    {
        var value = reader.Varint(wire);
        if (value > ulong.CreateTruncating(T.MaxValue))
        {
            WireFormatException.Throw($"{value} is no {typeof(T).Name}.");
        }

        return T.CreateTruncating(value);
    }
}

internal readonly struct SignedFormat<T> : IWireFormat<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public static void Write(ref WireWriter writer, uint skipped, T value)
    {
        var number = long.CreateTruncating(value);
        writer.Varint(skipped, (ulong)((number << 1) ^ (number >> 63)));
    }

    public static T Read(ref WireReader reader, WireType wire)
    {
        var zigzag = reader.Varint(wire);
        var number = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        if (number > long.CreateTruncating(T.MaxValue) || number < long.CreateTruncating(T.MinValue))
        {
            WireFormatException.Throw($"{number} is no {typeof(T).Name}.");
        }

        return T.CreateTruncating(number);
    }
}

/// <summary>An enum is its number; one without a name here has one in another version.</summary>
internal readonly struct EnumFormat<TEnum, TNumber, TFormat> : IWireFormat<TEnum>
    where TEnum : struct, Enum
    where TNumber : struct
    where TFormat : IWireFormat<TNumber>
{
    public static void Write(ref WireWriter writer, uint skipped, TEnum value) =>
        TFormat.Write(ref writer, skipped, Unsafe.BitCast<TEnum, TNumber>(value));

    public static TEnum Read(ref WireReader reader, WireType wire) => Unsafe.BitCast<TNumber, TEnum>(TFormat.Read(ref reader, wire));
}

internal readonly struct BooleanFormat : IWireFormat<bool>
{
    public static void Write(ref WireWriter writer, uint skipped, bool value) => writer.Varint(skipped, value ? 1u : 0u);

    public static bool Read(ref WireReader reader, WireType wire)
    {
        var value = reader.Varint(wire);
        if (value > 1)
        {
            WireFormatException.Throw($"{value} is no Boolean.");
        }

        return value != 0;
    }
}

internal readonly struct HalfFormat : IWireFormat<Half>
{
    public static void Write(ref WireWriter writer, uint skipped, Half value) => writer.Varint(skipped, BitConverter.HalfToUInt16Bits(value));

    public static Half Read(ref WireReader reader, WireType wire) =>
        BitConverter.UInt16BitsToHalf(UnsignedFormat<ushort>.Read(ref reader, wire));
}

internal readonly struct SingleFormat : IWireFormat<float>
{
    public static void Write(ref WireWriter writer, uint skipped, float value) => writer.Varint(skipped, BitConverter.SingleToUInt32Bits(value));

    public static float Read(ref WireReader reader, WireType wire) =>
        BitConverter.UInt32BitsToSingle(UnsignedFormat<uint>.Read(ref reader, wire));
}

internal readonly struct DoubleFormat : IWireFormat<double>
{
    public static void Write(ref WireWriter writer, uint skipped, double value) =>
        writer.Fixed64(skipped, BitConverter.DoubleToInt64Bits(value));

    public static double Read(ref WireReader reader, WireType wire) => BitConverter.Int64BitsToDouble(reader.Fixed64(wire));
}

internal readonly struct Int128Format : IWireFormat<Int128>
{
    public static void Write(ref WireWriter writer, uint skipped, Int128 value) =>
        BinaryPrimitives.WriteInt128LittleEndian(writer.Block(skipped, 16), value);

    public static Int128 Read(ref WireReader reader, WireType wire) => BinaryPrimitives.ReadInt128LittleEndian(reader.Block(wire, 16));
}

internal readonly struct UInt128Format : IWireFormat<UInt128>
{
    public static void Write(ref WireWriter writer, uint skipped, UInt128 value) =>
        BinaryPrimitives.WriteUInt128LittleEndian(writer.Block(skipped, 16), value);

    public static UInt128 Read(ref WireReader reader, WireType wire) => BinaryPrimitives.ReadUInt128LittleEndian(reader.Block(wire, 16));
}

internal readonly struct DecimalFormat : IWireFormat<decimal>
{
    public static void Write(ref WireWriter writer, uint skipped, decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var block = writer.Block(skipped, 16);
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block[(i * 4)..], parts[i]);
        }
    }

    public static decimal Read(ref WireReader reader, WireType wire)
    {
        var block = reader.Block(wire, 16);
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(block[(i * 4)..]);
        }

        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException exception)
        {
            throw new WireFormatException("16 bytes that are no Decimal.", exception);
        }
    }
}

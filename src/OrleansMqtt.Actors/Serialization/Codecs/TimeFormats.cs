using System.Buffers.Binary;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>A local time arrives as the receiver's local time of the same instant.</summary>
internal readonly struct DateTimeFormat : IWireFormat<DateTime>
{
    public static void Write(ref WireWriter writer, uint skipped, DateTime value) => writer.Fixed64(skipped, value.ToBinary());

    public static DateTime Read(ref WireReader reader, WireType wire)
    {
        var binary = reader.Fixed64(wire);
        try
        {
            return DateTime.FromBinary(binary);
        }
        catch (ArgumentException exception)
        {
            throw new WireFormatException($"{binary} is no DateTime.", exception);
        }
    }
}

/// <remarks>Ticks (8 bytes), offset in minutes (2 bytes).</remarks>
internal readonly struct DateTimeOffsetFormat : IWireFormat<DateTimeOffset>
{
    private const int Length = 10;

    public static void Write(ref WireWriter writer, uint skipped, DateTimeOffset value)
    {
        var block = writer.Block(skipped, Length);
        BinaryPrimitives.WriteInt64LittleEndian(block, value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(block[8..], (short)value.TotalOffsetMinutes);
    }

    public static DateTimeOffset Read(ref WireReader reader, WireType wire)
    {
        var block = reader.Block(wire, Length);
        try
        {
            return new DateTimeOffset(
                BinaryPrimitives.ReadInt64LittleEndian(block), TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(block[8..])));
        }
        catch (ArgumentException exception)
        {
            throw new WireFormatException("10 bytes that are no DateTimeOffset.", exception);
        }
    }
}

internal readonly struct TimeSpanFormat : IWireFormat<TimeSpan>
{
    public static void Write(ref WireWriter writer, uint skipped, TimeSpan value) => SignedFormat<long>.Write(ref writer, skipped, value.Ticks);

    public static TimeSpan Read(ref WireReader reader, WireType wire) => new(SignedFormat<long>.Read(ref reader, wire));
}

internal readonly struct DateOnlyFormat : IWireFormat<DateOnly>
{
    public static void Write(ref WireWriter writer, uint skipped, DateOnly value) => writer.Varint(skipped, (uint)value.DayNumber);

    public static DateOnly Read(ref WireReader reader, WireType wire)
    {
        var day = reader.Varint(wire);
        if (day > (uint)DateOnly.MaxValue.DayNumber)
        {
            WireFormatException.Throw($"{day} is no DateOnly.");
        }

        return DateOnly.FromDayNumber((int)day);
    }
}

internal readonly struct TimeOnlyFormat : IWireFormat<TimeOnly>
{
    public static void Write(ref WireWriter writer, uint skipped, TimeOnly value) => writer.Varint(skipped, (ulong)value.Ticks);

    public static TimeOnly Read(ref WireReader reader, WireType wire)
    {
        var ticks = reader.Varint(wire);
        if (ticks > (ulong)TimeOnly.MaxValue.Ticks)
        {
            WireFormatException.Throw($"{ticks} is no TimeOnly.");
        }

        return new TimeOnly((long)ticks);
    }
}

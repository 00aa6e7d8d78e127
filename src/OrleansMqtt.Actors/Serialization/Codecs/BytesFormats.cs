using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Actors.Serialization;

internal readonly struct GuidFormat : IWireFormat<Guid>
{
    private const int Length = 16;

    public static void Write(ref WireWriter writer, uint skipped, Guid value) => value.TryWriteBytes(writer.Block(skipped, Length));

    public static Guid Read(ref WireReader reader, WireType wire) => new(reader.Block(wire, Length));
}

internal readonly struct ByteArrayFormat : IWireFormat<byte[]?>
{
    public static void Write(ref WireWriter writer, uint skipped, byte[]? value)
    {
        if (value is null)
        {
            writer.Null(skipped);
        }
        else
        {
            writer.Bytes(skipped, value);
        }
    }

    public static byte[]? Read(ref WireReader reader, WireType wire) => wire == WireType.Null ? null : reader.Bytes(wire).ToArray();
}

/// <summary>What is read is a part of the input, not a copy: it keeps the whole input in memory as long as somebody holds it.</summary>
internal readonly struct ReadOnlyMemoryFormat : IWireFormat<ReadOnlyMemory<byte>>
{
    public static void Write(ref WireWriter writer, uint skipped, ReadOnlyMemory<byte> value) => writer.Bytes(skipped, value.Span);

    public static ReadOnlyMemory<byte> Read(ref WireReader reader, WireType wire) => reader.Memory(wire);
}

/// <summary>Whoever gets memory that can be written to gets his own.</summary>
internal readonly struct MemoryFormat : IWireFormat<Memory<byte>>
{
    public static void Write(ref WireWriter writer, uint skipped, Memory<byte> value) => writer.Bytes(skipped, value.Span);

    public static Memory<byte> Read(ref WireReader reader, WireType wire) => reader.Bytes(wire).ToArray();
}

internal readonly struct ImmutableBytesFormat : IWireFormat<ImmutableArray<byte>>
{
    public static void Write(ref WireWriter writer, uint skipped, ImmutableArray<byte> value) =>
        ByteArrayFormat.Write(ref writer, skipped, ImmutableCollectionsMarshal.AsArray(value));

    public static ImmutableArray<byte> Read(ref WireReader reader, WireType wire) =>
        ImmutableCollectionsMarshal.AsImmutableArray(ByteArrayFormat.Read(ref reader, wire));
}

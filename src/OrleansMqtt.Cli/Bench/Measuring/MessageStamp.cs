using System.Buffers.Binary;

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>What the first 16 bytes of a payload say, little-endian: time (8), publisher (4), sequence number (4).</summary>
/// <param name="SentAt">Timestamp of the sender's clock.</param>
/// <param name="Publisher">Number of the publisher, from 0.</param>
/// <param name="Sequence">Number of the message among its publisher's, from 0.</param>
internal readonly record struct MessageStamp(long SentAt, uint Publisher, uint Sequence)
{
    /// <summary>Bytes of a stamp: the shortest payload.</summary>
    public const int Length = 16;

    /// <summary>Reads the stamp; false if the payload is too short to have one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out MessageStamp stamp)
    {
        stamp = default;
        if (payload.Length < Length) return false;
        stamp = new MessageStamp(
            BinaryPrimitives.ReadInt64LittleEndian(payload),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(payload[12..]));
        return true;
    }

    /// <summary>Writes the stamp.</summary>
    /// <param name="payload">At least <see cref="Length"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, SentAt);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], Publisher);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[12..], Sequence);
    }
}

using System.Buffers.Binary;

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>What the first 16 bytes of a payload say, little-endian: the time in 8 bytes; the publisher in the upper 20 bits of the other 8,
/// and in the lower 44 the sequence number, which so lasts for months at any rate.</summary>
/// <param name="SentAt">Timestamp of the sender's clock.</param>
/// <param name="Publisher">Number of the publisher, from 0 to 2^20 - 1.</param>
/// <param name="Sequence">Number of the message among its publisher's, from 0 to 2^44 - 1.</param>
internal readonly record struct MessageStamp(long SentAt, int Publisher, long Sequence)
{
    /// <summary>Bytes of a stamp: the shortest payload.</summary>
    public const int Length = 2 * sizeof(long);

    private const int SequenceBits = 44;

    /// <summary>Reads the stamp; false if the payload is too short to have one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out MessageStamp stamp)
    {
        stamp = default;
        if (payload.Length < Length) return false;
        var source = BinaryPrimitives.ReadUInt64LittleEndian(payload[sizeof(long)..]);
        stamp = new MessageStamp(
            BinaryPrimitives.ReadInt64LittleEndian(payload), (int)(source >> SequenceBits), (long)(source & ((1UL << SequenceBits) - 1)));
        return true;
    }

    /// <summary>Writes the stamp.</summary>
    /// <param name="payload">At least <see cref="Length"/> bytes.</param>
    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(payload, SentAt);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[sizeof(long)..], (ulong)Publisher << SequenceBits | (ulong)Sequence);
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>Hashes one topic level by multiply-and-fold with keys drawn once per process.</summary>
/// <remarks>
/// Clients choose the levels, so a hash without a secret would let one of them fill a bucket on purpose. <c>HashCode.AddBytes</c> is
/// keyed too, but several times slower on the few bytes that a level usually has.
/// </remarks>
internal static class LevelHash
{
    private static readonly ulong FirstKey = RandomKey();
    private static readonly ulong SecondKey = RandomKey();

    public static int Compute(ReadOnlySpan<byte> level)
    {
        var state = SecondKey ^ (ulong)level.Length;
        while (level.Length > 8)
        {
            state = Fold(state ^ BinaryPrimitives.ReadUInt64LittleEndian(level), FirstKey);
            level = level[8..];
        }

        return (int)(Fold(state ^ ReadTail(level), FirstKey) >> 32);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    /// <summary>Up to eight bytes as one number; the length is in the state already, so padding cannot make two levels alike.</summary>
    private static ulong ReadTail(ReadOnlySpan<byte> tail) => tail.Length switch
    {
        8 => BinaryPrimitives.ReadUInt64LittleEndian(tail),
        >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(tail) |
            ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(tail[^4..]) << 32),
        >= 2 => BinaryPrimitives.ReadUInt16LittleEndian(tail) | ((ulong)tail[^1] << 16),
        1 => tail[0],
        _ => 0,
    };

    private static ulong RandomKey()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) | 1;
    }
}

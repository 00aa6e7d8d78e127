using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Topic names as PUBLISH carries them: text without wildcards [MQTT-3.3.2-2].</summary>
internal static class TopicNameCheck
{
    /// <summary>Null if the bytes are UTF-8 text without wildcards; an empty name passes.</summary>
    internal static ProtocolError? Check(ReadOnlySpan<byte> name, ProtocolError wildcard)
    {
        if (IsPlain(name)) return null;
        if (!Utf8Text.IsValid(name)) return ProtocolErrors.Text;
        return name.ContainsAny((byte)'+', (byte)'#') ? wildcard : null;
    }

    /// <summary>One pass that accepts what nearly all names are: ASCII without U+0000 and wildcards. False says nothing.</summary>
    internal static bool IsPlain(ReadOnlySpan<byte> name)
    {
        ref var start = ref MemoryMarshal.GetReference(name);
        var length = name.Length;
        if (length < Vector128<byte>.Count) return IsPlainShort(ref start, length);
        var last = length - Vector128<byte>.Count;
        var bad = Vector128<byte>.Zero;
        for (var i = 0; i < last; i += Vector128<byte>.Count) bad |= Offending(Vector128.LoadUnsafe(ref start, (nuint)i));
        bad |= Offending(Vector128.LoadUnsafe(ref start, (nuint)last));
        return bad == Vector128<byte>.Zero;
    }

    private static bool IsPlainShort(ref byte start, int length)
    {
        if (length >= sizeof(ulong))
        {
            return IsPlain(Vector128.Create(
                Unsafe.ReadUnaligned<ulong>(ref start),
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, length - sizeof(ulong)))).AsByte());
        }

        if (length >= sizeof(uint))
        {
            var first = Unsafe.ReadUnaligned<uint>(ref start);
            var second = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, length - sizeof(uint)));
            return IsPlain(Vector128.Create(first, second, first, second).AsByte());
        }

        for (var i = 0; i < length; i++)
        {
            if (Unsafe.Add(ref start, i) is 0 or (byte)'+' or (byte)'#' or >= 0x80) return false;
        }

        return true;
    }

    private static bool IsPlain(Vector128<byte> bytes) => Offending(bytes) == Vector128<byte>.Zero;

    /// <summary>Non-zero where a byte is 0 or at least 0x80 (as signed: below 1), '+' or '#'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Offending(Vector128<byte> bytes) =>
        Vector128.LessThan(bytes.AsSByte(), Vector128<sbyte>.One).AsByte()
        | Vector128.Equals(bytes, Vector128.Create((byte)'+'))
        | Vector128.Equals(bytes, Vector128.Create((byte)'#'));
}

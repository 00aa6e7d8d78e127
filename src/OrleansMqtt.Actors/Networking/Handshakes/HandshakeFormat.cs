using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace OrleansMqtt.Actors.Networking.Handshakes;

/// <summary>
/// What all handshake messages share: magic (4 bytes), length of the rest (2), the rest. Texts are UTF-8 after their length (2).
/// Little-endian. Bytes after what is known are ignored: a later version may say more.
/// </summary>
internal static class HandshakeFormat
{
    /// <summary>The longest message, in bytes.</summary>
    public const int MaxBytes = 4096;

    public const int PrefixLength = 6;

    public static ReadOnlySpan<byte> Magic => "OMQP"u8;

    /// <summary>Takes one message from the front of a buffer, if all of it is there.</summary>
    /// <returns>Whether it is. If not and there is no error, more bytes are needed.</returns>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, out byte[] rest, out string? error)
    {
        rest = [];
        error = null;
        Span<byte> prefix = stackalloc byte[PrefixLength];
        var there = (int)Math.Min(buffer.Length, PrefixLength);
        buffer.Slice(0, there).CopyTo(prefix);

        // A stranger is known by its first bytes; there may never be more.
        var magic = prefix[..Math.Min(there, Magic.Length)];
        if (!Magic.StartsWith(magic))
        {
            error = "it does not speak this protocol";
            return false;
        }

        if (there < PrefixLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(prefix[Magic.Length..]);
        if (length > MaxBytes - PrefixLength)
        {
            error = $"its handshake has {length + PrefixLength} bytes, {MaxBytes} are let in";
            return false;
        }

        if (buffer.Length < PrefixLength + length)
        {
            return false;
        }

        rest = buffer.Slice(PrefixLength, length).ToArray();
        buffer = buffer.Slice(PrefixLength + length);
        return true;
    }

    /// <summary>Puts the prefix before a message's bytes.</summary>
    /// <exception cref="ArgumentException">The message is too long: a name in it is.</exception>
    public static byte[] Frame(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > MaxBytes - PrefixLength)
        {
            throw new ArgumentException($"A handshake of {rest.Length + PrefixLength} bytes is too long: the name of the cluster or of the client is.");
        }

        var message = new byte[PrefixLength + rest.Length];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(Magic.Length), (ushort)rest.Length);
        rest.CopyTo(message.AsSpan(PrefixLength));
        return message;
    }

    public static void WriteNumber(IBufferWriter<byte> output, ushort number)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(2), number);
        output.Advance(2);
    }

    public static void WriteText(IBufferWriter<byte> output, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(output, checked((ushort)bytes.Length));
        output.Write(bytes);
    }

    public static bool TryReadNumber(ref ReadOnlySpan<byte> input, out ushort number)
    {
        var there = BinaryPrimitives.TryReadUInt16LittleEndian(input, out number);
        input = there ? input[2..] : input;
        return there;
    }

    public static bool TryReadText(ref ReadOnlySpan<byte> input, out string text)
    {
        text = "";
        if (!TryReadNumber(ref input, out var length) || input.Length < length || !Utf8.IsValid(input[..length]))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(input[..length]);
        input = input[length..];
        return true;
    }
}

using System.Buffers;
using System.Buffers.Binary;

namespace OrleansMqtt.Actors.Networking.Frames;

/// <summary>
/// The bytes of a frame: body length (unsigned, 4 bytes), kind (1), correlation (8), body. Little-endian.
/// </summary>
internal static class FrameFormat
{
    public const int HeaderLength = 13;

    public static void WriteHeader(Span<byte> header, int bodyLength, FrameKind kind, long correlation)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, bodyLength);
        header[4] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(header[5..], correlation);
    }

    /// <summary>Takes one frame from the front of a buffer, if all of it is there.</summary>
    /// <param name="buffer">What came in; the frame is cut off its front.</param>
    /// <param name="maxBodyBytes">The longest body let in.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="error">Why this is no frame, and nothing after it can be one.</param>
    /// <returns>Whether there is a frame. If there is none and no error, more bytes are needed.</returns>
    public static bool TryRead(ref ReadOnlySequence<byte> buffer, int maxBodyBytes, out Frame frame, out string? error)
    {
        frame = default;
        error = null;
        if (buffer.Length < HeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var kind = (FrameKind)header[4];
        error = Error(kind, length, maxBodyBytes);

        // Nothing is allocated for a body before all of it has come: what a peer can make us hold is what it has sent.
        if (error is not null || buffer.Length < HeaderLength + length)
        {
            return false;
        }

        frame = new Frame(kind, BinaryPrimitives.ReadInt64LittleEndian(header[5..]), Body(buffer, (int)length));
        buffer = buffer.Slice(HeaderLength + length);
        return true;
    }

    private static string? Error(FrameKind kind, uint length, int maxBodyBytes)
    {
        if (kind is < FrameKind.Request or > FrameKind.Goodbye)
        {
            return $"a frame of the unknown kind {(byte)kind}";
        }

        if (kind.IsControl() && length != 0)
        {
            return $"a {kind} frame with a body of {length} bytes";
        }

        return length > maxBodyBytes ? $"a frame of {length} bytes, {maxBodyBytes} are let in" : null;
    }

    private static byte[] Body(in ReadOnlySequence<byte> buffer, int length)
    {
        if (length == 0)
        {
            return [];
        }

        var body = GC.AllocateUninitializedArray<byte>(length);
        buffer.Slice(HeaderLength, length).CopyTo(body);
        return body;
    }
}

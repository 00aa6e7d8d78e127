using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Gateway.Listeners.WebSockets;

/// <summary>
/// Takes the bytes of binary messages out of the frames that a client sends (RFC 6455 section 5), however these are cut. A machine without a socket: it says what is to be answered.
/// </summary>
/// <remarks>It takes all frames of one receive at once; the base class library's WebSocket returns after each of them, and a batch of publishes ends there.</remarks>
internal sealed class FrameDecoder
{
    private const int LongestHeader = 14, MaskBytes = 4;
    private readonly byte[] _header = new byte[LongestHeader];
    private byte[]? _control;
    private int _have;
    private int _taken;
    private ulong _remaining;
    private uint _mask;
    private bool _isInMessage;

    private enum Opcode
    {
        Continuation = 0,
        Text = 1,
        Binary = 2,
        Close = 8,
        Ping = 9,
        Pong = 10,
    }

    /// <summary>Whether the next byte is one of a binary message.</summary>
    public bool IsInPayload => _remaining > 0 && _control is null;

    /// <summary>Takes from <paramref name="input"/> what it can: until the input or the output is used up, or a control frame is complete.</summary>
    /// <param name="input">Bytes of frames; what is left of them.</param>
    /// <param name="output">Room for bytes of messages.</param>
    /// <param name="written">How much of it has been used.</param>
    /// <returns>What has to be answered now; null for nothing.</returns>
    public ControlFrame? Decode(ref ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        while (true)
        {
            if (_control is null && _remaining > 0)
            {
                var count = (int)Math.Min(_remaining, (ulong)Math.Min(input.Length, output.Length - written));
                if (count == 0) return null;
                Unmask(input[..count], output[written..]);
                input = input[count..];
                written += count;
            }
            else if (_control is not null)
            {
                var count = (int)Math.Min(_remaining, (ulong)input.Length);
                if (count == 0 && _remaining > 0) return null;
                Unmask(input[..count], _control.AsSpan(_taken));
                input = input[count..];
                _taken += count;
                if (_remaining == 0) return EndControl();
            }
            else
            {
                if (input.IsEmpty) return null;
                _header[_have++] = input[0];
                input = input[1..];
                if (_have >= 2 && _have == HeaderLength && Begin() is { } breach) return breach;
            }
        }
    }

    // As soon as its second byte is there.
    private int HeaderLength => 2 + MaskBytes + (_header[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 };

    private ControlFrame? Begin()
    {
        var (first, opcode, isLast) = (_header[0], (Opcode)(_header[0] & 0x0F), (_header[0] & 0x80) != 0);
        var length = (_header[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
            127 => BinaryPrimitives.ReadUInt64BigEndian(_header.AsSpan(2)),
            var small => (ulong)small,
        };
        if ((first & 0x70) != 0) return ControlFrame.Breach("a reserved bit is set");
        if ((_header[1] & 0x80) == 0) return ControlFrame.Breach("a frame is not masked");
        if (length > long.MaxValue) return ControlFrame.Breach("a length is too large");
        _mask = MemoryMarshal.Read<uint>(_header.AsSpan(_have - MaskBytes));
        (_have, _remaining) = (0, length);
        switch (opcode)
        {
            case Opcode.Text when !_isInMessage:
                return ControlFrame.Text;
            case Opcode.Binary when !_isInMessage:
            case Opcode.Continuation when _isInMessage:
                _isInMessage = !isLast;
                return null;
            case Opcode.Close or Opcode.Ping or Opcode.Pong when isLast && length <= ControlFrame.MaximumBytes:
                (_control, _taken, _header[0]) = (new byte[length], 0, (byte)opcode);
                return null;
            default:
                return ControlFrame.Breach("a frame is out of place");
        }
    }

    private ControlFrame? EndControl()
    {
        var payload = _control!;
        _control = null;
        return (Opcode)_header[0] switch
        {
            Opcode.Ping => ControlFrame.Pong(payload),
            Opcode.Close => ControlFrame.Closed(payload),
            // A pong that nobody asked for.
            _ => ControlFrame.Nothing,
        };
    }

    private void Unmask(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var twice = _mask | ((ulong)_mask << 32);
        var from = MemoryMarshal.Cast<byte, ulong>(input);
        var to = MemoryMarshal.Cast<byte, ulong>(output[..input.Length]);
        for (var i = 0; i < from.Length; i++) to[i] = from[i] ^ twice;
        for (var i = from.Length * sizeof(ulong); i < input.Length; i++) output[i] = (byte)(input[i] ^ (twice >> (8 * (i % sizeof(ulong)))));
        // The next byte has the next byte of the mask.
        _mask = System.Numerics.BitOperations.RotateRight(_mask, 8 * (input.Length % MaskBytes));
        _remaining -= (ulong)input.Length;
    }
}

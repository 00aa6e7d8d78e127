using System.Buffers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>The fixed header of a packet: first byte and remaining length (MQTT 5.0 section 2.1).</summary>
public readonly struct FrameHeader
{
    /// <summary>Longest fixed header in bytes.</summary>
    public const int MaximumLength = 5;

    private FrameHeader(byte firstByte, int headerLength, int bodyLength)
    {
        FirstByte = firstByte;
        HeaderLength = headerLength;
        BodyLength = bodyLength;
    }

    /// <summary>Type and flags as they stand on the wire.</summary>
    public byte FirstByte { get; }

    /// <summary>Type of the packet.</summary>
    public PacketType Type => (PacketType)(FirstByte >> 4);

    /// <summary>Bytes of the fixed header, 2 to 5; 0 if it is not complete.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes after the fixed header, 0 to 268,435,455: the remaining length.</summary>
    public int BodyLength { get; }

    /// <summary>Bytes of the whole packet; 0 if the fixed header is not complete.</summary>
    public int TotalLength => HeaderLength + BodyLength;

    /// <summary>One bit for each value of the first byte, a line for each type: flags 0 to 7, flags 8 to 15. PUBREL, SUBSCRIBE and
    /// UNSUBSCRIBE also pass with DUP, which 3.1 has there: the decoder, which knows the version, refuses it in the others. So does PUBLISH at
    /// QoS 0, where a tolerant connection ignores it [MQTT-3.3.1-2].</summary>
    private static ReadOnlySpan<byte> AllowedFirstBytes =>
    [
        0x00, 0x00,
        0x01, 0x00, // CONNECT
        0x01, 0x00, // CONNACK
        0x3F, 0x3F, // PUBLISH: not QoS 3
        0x01, 0x00, // PUBACK
        0x01, 0x00, // PUBREC
        0x04, 0x04, // PUBREL
        0x01, 0x00, // PUBCOMP
        0x04, 0x04, // SUBSCRIBE
        0x01, 0x00, // SUBACK
        0x04, 0x04, // UNSUBSCRIBE
        0x01, 0x00, // UNSUBACK
        0x01, 0x00, // PINGREQ
        0x01, 0x00, // PINGRESP
        0x01, 0x00, // DISCONNECT
        0x01, 0x00, // AUTH
    ];

    /// <summary>Looks for a packet at the start of <paramref name="input"/>.</summary>
    /// <param name="input">Received bytes.</param>
    /// <param name="maximumPacketSize">Largest whole packet in bytes to accept.</param>
    /// <param name="header">The header. With <see cref="FrameStatus.Incomplete"/> it is set if it is all there and just the body is not;
    /// otherwise its <see cref="HeaderLength"/> is 0.</param>
    /// <param name="error">Why the input is invalid: found as early as its bytes are visible, before any body is waited for.</param>
    public static FrameStatus TryParse(ReadOnlySpan<byte> input, uint maximumPacketSize, out FrameHeader header, out ProtocolError? error)
    {
        if (!TryParseHeader(input, maximumPacketSize, out header, out error)) return FrameStatus.Invalid;
        return header.HeaderLength != 0 && input.Length >= header.TotalLength ? FrameStatus.Complete : FrameStatus.Incomplete;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{byte}, uint, out FrameHeader, out ProtocolError?)"/>
    public static FrameStatus TryParse(
        in ReadOnlySequence<byte> input, uint maximumPacketSize, out FrameHeader header, out ProtocolError? error)
    {
        var first = input.FirstSpan;
        if (input.IsSingleSegment) return TryParse(first, maximumPacketSize, out header, out error);
        if (first.Length < MaximumLength)
        {
            Span<byte> copy = stackalloc byte[MaximumLength];
            var beginning = input.Slice(0, Math.Min(MaximumLength, input.Length));
            beginning.CopyTo(copy);
            if (!TryParseHeader(copy[..(int)beginning.Length], maximumPacketSize, out header, out error)) return FrameStatus.Invalid;
        }
        else if (!TryParseHeader(first, maximumPacketSize, out header, out error))
        {
            return FrameStatus.Invalid;
        }

        return header.HeaderLength != 0 && input.Length >= header.TotalLength ? FrameStatus.Complete : FrameStatus.Incomplete;
    }

    /// <summary>Why the flags of the first byte are wrong in this version, or null.</summary>
    internal static ProtocolError? CheckFlags(byte firstByte, ProtocolVersion version)
    {
        if (!FlagsAllowed(firstByte)) return FlagsError(firstByte);
        const byte duplicate = 0x08;
        return version != ProtocolVersion.V31 && (firstByte & duplicate) != 0 && firstByte >> 4 != (int)PacketType.Publish
            ? ProtocolErrors.ReservedFlags
            : null;
    }

    private static bool FlagsAllowed(byte firstByte) => (AllowedFirstBytes[firstByte >> 3] >> (firstByte & 0x07) & 1) != 0;

    private static ProtocolError FlagsError(byte firstByte) => (PacketType)(firstByte >> 4) switch
    {
        0 => ProtocolErrors.ReservedType,
        PacketType.Publish => ProtocolErrors.QosThree, // [MQTT-3.3.1-4]
        _ => ProtocolErrors.ReservedFlags, // [MQTT-2.1.3-1]
    };

    private static bool TryParseHeader(ReadOnlySpan<byte> input, uint maximumPacketSize, out FrameHeader header, out ProtocolError? error)
    {
        header = default;
        error = null;
        if (input.IsEmpty) return true;
        var firstByte = input[0];
        if (!FlagsAllowed(firstByte))
        {
            error = FlagsError(firstByte);
            return false;
        }

        int length, headerLength;
        if (input.Length > 1 && input[1] < 0x80)
        {
            length = input[1];
            headerLength = 2;
        }
        else
        {
            var status = VariableByteInteger.TryRead(input[1..], out var value, out var bytes);
            if (status == FrameStatus.Invalid) error = ProtocolErrors.RemainingLength;
            if (status != FrameStatus.Complete) return error is null;
            length = (int)value;
            headerLength = 1 + bytes;
        }

        if ((uint)(headerLength + length) > maximumPacketSize)
        {
            error = ProtocolErrors.TooLarge;
            return false;
        }

        header = new FrameHeader(firstByte, headerLength, length);
        return true;
    }
}

using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>A PUBACK, PUBREC, PUBREL or PUBCOMP without what only people read: properties are checked and left out.</summary>
public readonly struct AcknowledgementFrame
{
    private AcknowledgementFrame(byte firstByte, ushort packetId, ReasonCode reasonCode)
    {
        Type = (PacketType)(firstByte >> 4);
        PacketId = packetId;
        ReasonCode = reasonCode;
    }

    /// <summary>Which of the four it is.</summary>
    public PacketType Type { get; }

    /// <summary>Packet identifier, 1 to 65,535.</summary>
    public ushort PacketId { get; }

    /// <summary>Result; always success in 3.x.</summary>
    public ReasonCode ReasonCode { get; }

    /// <summary>Decodes the body of an acknowledgement. Allocates nothing.</summary>
    /// <param name="firstByte">First byte of the packet; a type that is not one of the four is refused.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="frame">The frame; default if refused.</param>
    public static ProtocolError? TryDecode(byte firstByte, ReadOnlySpan<byte> body, ProtocolVersion version, out AcknowledgementFrame frame)
    {
        frame = default;
        var error = TryRead(firstByte, body, version, out var packetId, out var reasonCode, out var section);
        if (error is not null) return error;
        if (!section.IsEmpty)
        {
            var reader = new PropertyReader(section, (PropertyLocation)(firstByte >> 4));
            while (reader.Read())
            {
                // Nothing is kept of them.
            }

            if (reader.Error is not null) return reader.Error;
        }

        frame = new AcknowledgementFrame(firstByte, packetId, reasonCode);
        return null;
    }

    /// <summary>Splits the body; the section still has to be checked.</summary>
    internal static ProtocolError? TryRead(
        byte firstByte,
        ReadOnlySpan<byte> body,
        ProtocolVersion version,
        out ushort packetId,
        out ReasonCode reasonCode,
        out ReadOnlySpan<byte> section)
    {
        reasonCode = ReasonCode.Success;
        section = default;
        packetId = 0;
        if (firstByte >> 4 is < (int)PacketType.PubAck or > (int)PacketType.PubComp) return ProtocolErrors.NoAcknowledgement;
        if (FrameHeader.CheckFlags(firstByte, version) is { } flags) return flags; // [MQTT-3.6.1-1]
        if (!BinaryPrimitives.TryReadUInt16BigEndian(body, out packetId)) return ProtocolErrors.Truncated;
        if (packetId == 0) return ProtocolErrors.PacketIdZero;
        if (body.Length == sizeof(ushort)) return null;
        if (version != ProtocolVersion.V50) return ProtocolErrors.BytesLeftOver;

        reasonCode = (ReasonCode)body[2];
        if (!ReasonCodes.IsAllowed((PacketType)(firstByte >> 4), reasonCode)) return ProtocolErrors.ReasonCodeNotAllowed;
        // A remaining length below 4 means that there is no property length (MQTT 5.0 section 3.4.2.2.1).
        if (body.Length == 3) return null;
        var reader = new SpanReader(body[3..]);
        if (!reader.TryReadSection(out section)) return ProtocolErrors.PropertyLength;
        return reader.IsAtEnd ? null : ProtocolErrors.BytesLeftOver;
    }
}

using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Writes PUBACK, PUBREC, PUBREL and PUBCOMP without properties.</summary>
public static class AcknowledgementEncoder
{
    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    public const int MaximumLength = 5;

    /// <summary>Writes one packet: four bytes, or in 5.0 five if <paramref name="reason"/> is not success.</summary>
    /// <param name="destination">At least <see cref="MaximumLength"/> bytes.</param>
    /// <param name="type">One of the four types.</param>
    /// <param name="packetId">Packet identifier, 1 to 65,535.</param>
    /// <param name="reason">Result; 3.x has no place for it.</param>
    /// <param name="version">Version of the connection.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, PacketType type, ushort packetId, ReasonCode reason, ProtocolVersion version)
    {
        const byte pubRelFlags = 0x02; // [MQTT-3.6.1-1]
        var firstByte = (byte)((int)type << 4 | (type == PacketType.PubRel ? pubRelFlags : 0));
        if (reason == ReasonCode.Success || version != ProtocolVersion.V50)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(firstByte << 24 | 2 << 16 | packetId));
            return 4;
        }

        destination[4] = (byte)reason;
        BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)(firstByte << 24 | 3 << 16 | packetId));
        return 5;
    }
}

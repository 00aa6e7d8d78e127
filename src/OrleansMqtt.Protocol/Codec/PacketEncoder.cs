using System.Buffers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Writes any packet in any version. What the version does not have is left out; reason codes are mapped in 3.x. CONNECT is
/// written in the version it names itself.</summary>
public static partial class PacketEncoder
{
    /// <summary>Length of the packet in bytes.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="version">Version of the connection.</param>
    /// <exception cref="ArgumentException">The packet cannot be written: a text or binary is too long, the packet is too long, a rule of
    /// the specification forbids it, or the version has no such packet.</exception>
    public static int GetLength(Packet packet, ProtocolVersion version)
    {
        var body = GetBodyLength(packet, version);
        return 1 + VariableByteInteger.GetLength(body) + (int)body;
    }

    /// <summary>Appends the packet to <paramref name="output"/>.</summary>
    /// <inheritdoc cref="GetLength" path="/exception"/>
    /// <param name="output">Where to; nothing is advanced if the packet cannot be written.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="version">Version of the connection.</param>
    public static void Encode(IBufferWriter<byte> output, Packet packet, ProtocolVersion version)
    {
        ArgumentNullException.ThrowIfNull(output);
        var body = GetBodyLength(packet, version);
        var length = 1 + VariableByteInteger.GetLength(body) + (int)body;
        Write(output.GetSpan(length)[..length], packet, version, body);
        output.Advance(length);
    }

    /// <summary>The packet as an array of its own.</summary>
    /// <inheritdoc cref="GetLength" path="/exception"/>
    /// <param name="packet">The packet.</param>
    /// <param name="version">Version of the connection.</param>
    public static byte[] Encode(Packet packet, ProtocolVersion version)
    {
        var body = GetBodyLength(packet, version);
        var bytes = new byte[1 + VariableByteInteger.GetLength(body) + (int)body];
        Write(bytes, packet, version, body);
        return bytes;
    }

    private static void Write(Span<byte> destination, Packet packet, ProtocolVersion version, uint body)
    {
        var writer = new PacketWriter(destination);
        writer.Byte(GetFirstByte(packet));
        writer.Variable(body);
        WriteBody(ref writer, packet, version);
    }

    private static uint GetBodyLength(Packet packet, ProtocolVersion version)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var measure = PacketWriter.Measuring();
        WriteBody(ref measure, packet, version);
        return measure.Length <= VariableByteInteger.Maximum
            ? (uint)measure.Length
            : throw new ArgumentException("The packet is longer than MQTT can say.", nameof(packet));
    }

    private static byte GetFirstByte(Packet packet)
    {
        var flags = packet switch
        {
            PublishPacket publish => (publish.Duplicate ? 8 : 0) | (int)publish.QoS << 1 | (publish.Retain ? 1 : 0),
            { Type: PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe } => 2, // [MQTT-2.1.3-1]
            _ => 0,
        };
        return (byte)((int)packet.Type << 4 | flags);
    }

    private static void WriteBody(ref PacketWriter writer, Packet packet, ProtocolVersion version)
    {
        switch (packet)
        {
            case PublishPacket publish:
                WritePublish(ref writer, publish, version);
                break;
            case AcknowledgementPacket acknowledgement:
                WriteAcknowledgement(ref writer, acknowledgement, version);
                break;
            case ConnectPacket connect:
                WriteConnect(ref writer, connect);
                break;
            case ConnAckPacket connAck:
                WriteConnAck(ref writer, connAck, version);
                break;
            case SubscribePacket subscribe:
                WriteSubscribe(ref writer, subscribe, version);
                break;
            case SubAckPacket subAck:
                WriteSubAck(ref writer, subAck, version);
                break;
            case UnsubscribePacket unsubscribe:
                WriteUnsubscribe(ref writer, unsubscribe, version);
                break;
            case UnsubAckPacket unsubAck:
                WriteUnsubAck(ref writer, unsubAck, version);
                break;
            case DisconnectPacket disconnect:
                WriteDisconnect(ref writer, disconnect, version);
                break;
            case AuthPacket auth:
                WriteAuth(ref writer, auth, version);
                break;
            case PingReqPacket or PingRespPacket:
                break;
            default:
                throw new ArgumentException("The packet is of no known class.", nameof(packet));
        }
    }

    private static void RequireReasonCode(PacketType type, ReasonCode code)
    {
        if (!ReasonCodes.IsAllowed(type, code)) throw new ArgumentException($"{type} may not carry reason code {code}.", nameof(code));
    }
}

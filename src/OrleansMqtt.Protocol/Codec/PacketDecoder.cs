using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Decodes any packet of any version, in either direction. Never throws, whatever the input; builds nothing before the whole
/// packet is known to be good; and what it builds owns its memory. What depends on who sent the packet, or on the state of the
/// connection, is left to the connection: <see cref="ReasonCodes.IsAllowed(PacketType, ReasonCode, PublishOrigin)"/> helps there.</summary>
public static partial class PacketDecoder
{
    /// <summary>Decodes one packet.</summary>
    /// <param name="firstByte">First byte of the packet.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection; CONNECT takes its own from inside.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? Decode(byte firstByte, ReadOnlySpan<byte> body, ProtocolVersion version, out Packet? packet)
    {
        packet = null;
        var type = (PacketType)(firstByte >> 4);
        if (FrameHeader.CheckFlags(firstByte, version) is { } flags && type != PacketType.Publish) return flags;
        ProtocolError? error;
        switch (type)
        {
            case PacketType.Connect:
                error = DecodeConnect(body, out var connect);
                packet = connect;
                return error;
            case PacketType.ConnAck:
                error = DecodeConnAck(body, version, out var connAck);
                packet = connAck;
                return error;
            case PacketType.Publish:
                error = DecodePublish(firstByte, body, version, out var publish);
                packet = publish;
                return error;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                error = DecodeAcknowledgement(firstByte, body, version, out var acknowledgement);
                packet = acknowledgement;
                return error;
            case PacketType.Subscribe:
                error = DecodeSubscribe(body, version, out var subscribe);
                packet = subscribe;
                return error;
            case PacketType.SubAck:
                error = DecodeSubAck(body, version, out var subAck);
                packet = subAck;
                return error;
            case PacketType.Unsubscribe:
                error = DecodeUnsubscribe(body, version, out var unsubscribe);
                packet = unsubscribe;
                return error;
            case PacketType.UnsubAck:
                error = DecodeUnsubAck(body, version, out var unsubAck);
                packet = unsubAck;
                return error;
            case PacketType.PingReq:
                if (!body.IsEmpty) return ProtocolErrors.BytesLeftOver;
                packet = PingReqPacket.Instance;
                return null;
            case PacketType.PingResp:
                if (!body.IsEmpty) return ProtocolErrors.BytesLeftOver;
                packet = PingRespPacket.Instance;
                return null;
            case PacketType.Disconnect:
                error = DecodeDisconnect(body, version, out var disconnect);
                packet = disconnect;
                return error;
            default:
                error = DecodeAuth(body, version, out var auth);
                packet = auth;
                return error;
        }
    }
}

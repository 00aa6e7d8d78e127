namespace OrleansMqtt.Protocol.Packets;

/// <summary>PINGREQ: a sign of life from the client (MQTT 5.0 section 3.12).</summary>
public sealed class PingReqPacket : Packet
{
    private PingReqPacket()
    {
    }

    /// <summary>The packet; it has no content.</summary>
    public static PingReqPacket Instance { get; } = new();

    /// <inheritdoc/>
    public override PacketType Type => PacketType.PingReq;
}

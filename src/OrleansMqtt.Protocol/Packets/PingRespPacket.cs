namespace OrleansMqtt.Protocol.Packets;

/// <summary>PINGRESP: the server's answer to PINGREQ (MQTT 5.0 section 3.13).</summary>
public sealed class PingRespPacket : Packet
{
    private PingRespPacket()
    {
    }

    /// <summary>The packet; it has no content.</summary>
    public static PingRespPacket Instance { get; } = new();

    /// <inheritdoc/>
    public override PacketType Type => PacketType.PingResp;
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>One control packet of any version. Packets are immutable and own their memory: none refers to the
/// buffer it came from.</summary>
public abstract class Packet
{
    /// <summary>The type that stands in the first byte.</summary>
    public abstract PacketType Type { get; }
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>UNSUBACK: one result for each filter of an UNSUBSCRIBE (MQTT 5.0 section 3.11).</summary>
public sealed class UnsubAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.UnsubAck;

    /// <summary>Identifier of the UNSUBSCRIBE [MQTT-3.10.4-4].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Results in the order of the filters [MQTT-3.11.3-1]. 3.x has none: written by nobody, decoded as empty.</summary>
    public IReadOnlyList<ReasonCode> ReasonCodes { get; init; } = [];

    /// <summary>Explanation for people. 5.0 only.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>SUBACK: one result for each filter of a SUBSCRIBE (MQTT 5.0 section 3.9).</summary>
public sealed class SubAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.SubAck;

    /// <summary>Identifier of the SUBSCRIBE [MQTT-3.8.4-2].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Results in the order of the filters [MQTT-3.9.3-1]. 3.x writes each failure as 0x80.</summary>
    public IReadOnlyList<ReasonCode> ReasonCodes { get; init; } = [];

    /// <summary>Explanation for people. 5.0 only.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

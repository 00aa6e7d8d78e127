namespace OrleansMqtt.Protocol.Packets;

/// <summary>UNSUBSCRIBE: a request to end subscriptions (MQTT 5.0 section 3.10).</summary>
public sealed class UnsubscribePacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Unsubscribe;

    /// <summary>Packet identifier, 1 to 65,535 [MQTT-2.2.1-3].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Whole filters as subscribed; at least one [MQTT-3.10.3-2].</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

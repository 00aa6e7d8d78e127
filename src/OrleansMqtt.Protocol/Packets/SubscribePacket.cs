namespace OrleansMqtt.Protocol.Packets;

/// <summary>SUBSCRIBE: a request for one or more subscriptions (MQTT 5.0 section 3.8).</summary>
public sealed class SubscribePacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Subscribe;

    /// <summary>Packet identifier, 1 to 65,535 [MQTT-2.2.1-3].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Identifier of all these subscriptions, 1 to 268,435,455, or null. 5.0 only.</summary>
    public uint? SubscriptionIdentifier { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>What to subscribe to; at least one [MQTT-3.8.3-2].</summary>
    public IReadOnlyList<Subscription> Subscriptions { get; init; } = [];
}

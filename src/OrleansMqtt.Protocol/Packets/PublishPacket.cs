namespace OrleansMqtt.Protocol.Packets;

/// <summary>PUBLISH: an application message (MQTT 5.0 section 3.3). Servers use <see cref="Codec.PublishFrame"/> instead, which copies
/// nothing.</summary>
public sealed class PublishPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Publish;

    /// <summary>Topic name; empty only beside a <see cref="TopicAlias"/>.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Payload bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Delivery guarantee.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>To a server: store as the topic's retained message. From a server: this is a retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>May have been sent before; false at QoS 0 [MQTT-3.3.1-2].</summary>
    public bool Duplicate { get; init; }

    /// <summary>Packet identifier, 1 to 65,535; 0 at QoS 0, which has none [MQTT-2.2.1-2].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Whether the payload says that it is UTF-8 text; null if it says nothing. 5.0 only.</summary>
    public bool? PayloadFormatIndicator { get; init; }

    /// <summary>Life of the message in seconds; null if it does not expire. 5.0 only.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>Number that stands for the topic on this connection, 1 to 65,535. 5.0 only.</summary>
    public ushort? TopicAlias { get; init; }

    /// <summary>Topic name for answers; not empty, no wildcards. 5.0 only.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Which request an answer belongs to. 5.0 only.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>Identifiers of the subscriptions that matched, each 1 to 268,435,455; only from a server. 5.0 only.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; init; } = [];

    /// <summary>What the payload is. 5.0 only.</summary>
    public string? ContentType { get; init; }
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>CONNACK: the server's answer to CONNECT (MQTT 5.0 section 3.2). In 3.x only the first two members exist.</summary>
public sealed class ConnAckPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.ConnAck;

    /// <summary>Whether the server had a session for the client. Absent in 3.1. Must be false beside a failure [MQTT-3.2.2-6].</summary>
    public bool SessionPresent { get; init; }

    /// <summary>Result; in 3.x mapped by <see cref="ReasonCodes"/>.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Seconds the session outlives the connection, if not what the client asked for.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>QoS 1 and 2 messages the server takes at a time, 1 to 65,535; absent means 65,535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Highest QoS the server supports, 0 or 1; absent means 2, which has no encoding of its own.</summary>
    public QualityOfService? MaximumQoS { get; init; }

    /// <summary>Whether retained messages are supported; absent means true.</summary>
    public bool? RetainAvailable { get; init; }

    /// <summary>Largest packet in bytes the server accepts, at least 1; absent means no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Identifier given to a client that sent none.</summary>
    public string? AssignedClientIdentifier { get; init; }

    /// <summary>Highest topic alias the server accepts; absent means 0, none.</summary>
    public ushort? TopicAliasMaximum { get; init; }

    /// <summary>Explanation for people.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>Whether filters may have wildcards; absent means true.</summary>
    public bool? WildcardSubscriptionAvailable { get; init; }

    /// <summary>Whether subscription identifiers are supported; absent means true.</summary>
    public bool? SubscriptionIdentifiersAvailable { get; init; }

    /// <summary>Whether shared subscriptions are supported; absent means true.</summary>
    public bool? SharedSubscriptionAvailable { get; init; }

    /// <summary>Keep alive in seconds that the client must use instead of its own [MQTT-3.1.2-21].</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>Base of response topics.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Other servers to use.</summary>
    public string? ServerReference { get; init; }

    /// <summary>Name of the extended authentication method.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of the method; only beside <see cref="AuthenticationMethod"/>.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }
}

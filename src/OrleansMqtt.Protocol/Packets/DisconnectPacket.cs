namespace OrleansMqtt.Protocol.Packets;

/// <summary>DISCONNECT: the last packet of a connection (MQTT 5.0 section 3.14). In 3.x only clients send it, and it has
/// no content.</summary>
public sealed class DisconnectPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Disconnect;

    /// <summary>Why the connection ends.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Seconds the session outlives the connection; never from a server [MQTT-3.14.2-2].</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>Explanation for people.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>Other servers to use; only from a server.</summary>
    public string? ServerReference { get; init; }
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>AUTH: one step of an extended authentication (MQTT 5.0 section 3.15). Does not exist in 3.x.</summary>
public sealed class AuthPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Auth;

    /// <summary>Which step this is.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Name of the method. Null only in the empty packet, which is how success may be written without properties.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of the method, or null.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    /// <summary>Explanation for people.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP, which differ in nothing but the type (MQTT 5.0 sections 3.4 to 3.7).</summary>
public sealed class AcknowledgementPacket : Packet
{
    /// <summary>Makes an acknowledgement.</summary>
    /// <param name="type">One of the four types.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="type"/> is another one.</exception>
    public AcknowledgementPacket(PacketType type)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)type, (int)PacketType.PubAck, nameof(type));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)type, (int)PacketType.PubComp, nameof(type));
        Type = type;
    }

    /// <inheritdoc/>
    public override PacketType Type { get; }

    /// <summary>Identifier of the PUBLISH, 1 to 65,535 [MQTT-2.2.1-5].</summary>
    public ushort PacketId { get; init; }

    /// <summary>Result; always <see cref="ReasonCode.Success"/> in 3.x.</summary>
    public ReasonCode ReasonCode { get; init; }

    /// <summary>Explanation for people. 5.0 only.</summary>
    public string? ReasonString { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

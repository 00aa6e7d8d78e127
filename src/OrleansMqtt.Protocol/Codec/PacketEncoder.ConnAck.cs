using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketEncoder
{
    private static void WriteConnAck(ref PacketWriter writer, ConnAckPacket packet, ProtocolVersion version)
    {
        if (packet.SessionPresent && packet.ReasonCode != ReasonCode.Success) // [MQTT-3.2.2-6]
            throw new ArgumentException("Session present is set beside a failure.", nameof(packet));
        RequireReasonCode(PacketType.ConnAck, packet.ReasonCode);
        writer.Byte(packet.SessionPresent && version != ProtocolVersion.V31 ? (byte)1 : (byte)0);
        if (version != ProtocolVersion.V50)
        {
            writer.Byte((byte)ReasonCodes.ToConnectReturnCode(packet.ReasonCode));
            return;
        }

        if (packet is { AuthenticationData: not null, AuthenticationMethod: null })
            throw new ArgumentException("Authentication data without an authentication method.", nameof(packet));
        writer.Byte((byte)packet.ReasonCode);
        writer.Section(packet, WriteConnAckProperties);
    }

    private static void WriteConnAckProperties(ref PacketWriter writer, ConnAckPacket packet)
    {
        writer.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        writer.Property(PropertyId.ReceiveMaximum, NotZero(packet.ReceiveMaximum));
        // QoS 2 is the default and must not be written: the property is 0 or 1 (MQTT 5.0 section 3.2.2.3.4).
        if (packet.MaximumQoS is { } qos and < QualityOfService.ExactlyOnce)
            writer.Property(PropertyId.MaximumQoS, (bool?)(qos == QualityOfService.AtLeastOnce));
        writer.Property(PropertyId.RetainAvailable, packet.RetainAvailable);
        writer.Property(PropertyId.MaximumPacketSize, NotZero(packet.MaximumPacketSize));
        writer.Property(PropertyId.AssignedClientIdentifier, packet.AssignedClientIdentifier);
        writer.Property(PropertyId.TopicAliasMaximum, packet.TopicAliasMaximum);
        writer.Property(PropertyId.ReasonString, packet.ReasonString);
        writer.UserProperties(packet.UserProperties);
        writer.Property(PropertyId.WildcardSubscriptionAvailable, packet.WildcardSubscriptionAvailable);
        writer.Property(PropertyId.SubscriptionIdentifiersAvailable, packet.SubscriptionIdentifiersAvailable);
        writer.Property(PropertyId.SharedSubscriptionAvailable, packet.SharedSubscriptionAvailable);
        writer.Property(PropertyId.ServerKeepAlive, packet.ServerKeepAlive);
        writer.Property(PropertyId.ResponseInformation, packet.ResponseInformation);
        writer.Property(PropertyId.ServerReference, packet.ServerReference);
        writer.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        writer.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
    }
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketEncoder
{
    private static void WritePublish(ref PacketWriter writer, PublishPacket packet, ProtocolVersion version)
    {
        if (packet.Duplicate && packet.QoS == QualityOfService.AtMostOnce) // [MQTT-3.3.1-2]
            throw new ArgumentException("DUP is set at QoS 0.", nameof(packet));
        if (packet.Topic.Length == 0 && version == ProtocolVersion.V50 && packet.TopicAlias is not null) writer.Text("");
        else writer.TopicName(packet.Topic);
        if (packet.QoS != QualityOfService.AtMostOnce) writer.PacketId(packet.PacketId); // [MQTT-2.2.1-2]
        if (version == ProtocolVersion.V50) writer.Section(packet, WritePublishProperties);
        writer.Bytes(packet.Payload.Span);
    }

    private static void WritePublishProperties(ref PacketWriter writer, PublishPacket packet)
    {
        if (packet.TopicAlias == 0) throw new ArgumentException("Topic alias 0 is not allowed.", nameof(packet)); // [MQTT-3.3.2-8]
        writer.Property(PropertyId.PayloadFormatIndicator, packet.PayloadFormatIndicator);
        writer.Property(PropertyId.MessageExpiryInterval, packet.MessageExpiryInterval);
        writer.Property(PropertyId.TopicAlias, packet.TopicAlias);
        writer.Property(PropertyId.ResponseTopic, packet.ResponseTopic);
        writer.Property(PropertyId.CorrelationData, packet.CorrelationData);
        writer.UserProperties(packet.UserProperties);
        for (var i = 0; i < packet.SubscriptionIdentifiers.Count; i++) writer.SubscriptionIdentifier(packet.SubscriptionIdentifiers[i]);
        writer.Property(PropertyId.ContentType, packet.ContentType);
    }

    private static void WriteAcknowledgement(ref PacketWriter writer, AcknowledgementPacket packet, ProtocolVersion version)
    {
        writer.PacketId(packet.PacketId);
        if (version != ProtocolVersion.V50) return;
        RequireReasonCode(packet.Type, packet.ReasonCode);
        var hasProperties = packet.ReasonString is not null || packet.UserProperties.Count > 0;
        if (packet.ReasonCode == ReasonCode.Success && !hasProperties) return;
        writer.Byte((byte)packet.ReasonCode);
        if (hasProperties) writer.Section(packet, WriteAcknowledgementProperties);
    }

    private static void WriteAcknowledgementProperties(ref PacketWriter writer, AcknowledgementPacket packet)
    {
        writer.Property(PropertyId.ReasonString, packet.ReasonString);
        writer.UserProperties(packet.UserProperties);
    }
}

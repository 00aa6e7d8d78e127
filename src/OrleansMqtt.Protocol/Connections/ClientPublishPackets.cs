using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>Copies of PUBLISH packets with some fields changed.</summary>
internal static class ClientPublishPackets
{
    /// <summary>The message of a packet as another packet carries it; payload and properties are shared, not copied.</summary>
    public static PublishPacket With(
        this PublishPacket packet,
        QualityOfService qos,
        bool retain,
        ushort packetId = 0,
        bool duplicate = false,
        string? topic = null,
        ushort? topicAlias = null,
        IReadOnlyList<uint>? subscriptionIdentifiers = null) => new()
        {
            Topic = topic ?? packet.Topic,
            Payload = packet.Payload,
            QoS = qos,
            Retain = retain,
            Duplicate = duplicate,
            PacketId = packetId,
            PayloadFormatIndicator = packet.PayloadFormatIndicator,
            MessageExpiryInterval = packet.MessageExpiryInterval,
            TopicAlias = topicAlias,
            ResponseTopic = packet.ResponseTopic,
            CorrelationData = packet.CorrelationData,
            UserProperties = packet.UserProperties,
            SubscriptionIdentifiers = subscriptionIdentifiers ?? packet.SubscriptionIdentifiers,
            ContentType = packet.ContentType,
        };
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>Decodes the body of a PUBLISH of either side.</summary>
    /// <param name="firstByte">First byte of the packet.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodePublish(byte firstByte, ReadOnlySpan<byte> body, ProtocolVersion version, out PublishPacket? packet)
    {
        packet = null;
        // Server, since that is the side which may send everything; connections refuse what a client may not.
        if (PublishFrame.TryDecode(firstByte, body, version, PublishOrigin.Server, out var frame) is { } error) return error;
        if (PropertySet.TryRead(frame.Properties, PropertyLocation.Publish, out var properties) is { } propertyError) return propertyError;
        packet = new PublishPacket
        {
            Topic = Utf8Text.Decode(frame.Topic),
            Payload = frame.Payload.ToArray(),
            QoS = frame.QoS,
            Retain = frame.Retain,
            Duplicate = frame.Duplicate,
            PacketId = frame.PacketId,
            PayloadFormatIndicator = frame.PayloadFormatIndicator,
            MessageExpiryInterval = frame.HasMessageExpiry ? frame.MessageExpiryInterval : null,
            TopicAlias = frame.TopicAlias == 0 ? null : frame.TopicAlias,
            ResponseTopic = properties.Text(PropertyId.ResponseTopic),
            CorrelationData = properties.Binary(PropertyId.CorrelationData),
            UserProperties = properties.UserProperties(),
            SubscriptionIdentifiers = properties.SubscriptionIdentifiers(),
            ContentType = properties.Text(PropertyId.ContentType),
        };
        return null;
    }

    /// <summary>Decodes the body of a PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    /// <param name="firstByte">First byte of the packet; a type that is not one of the four is refused.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeAcknowledgement(
        byte firstByte, ReadOnlySpan<byte> body, ProtocolVersion version, out AcknowledgementPacket? packet)
    {
        packet = null;
        var error = AcknowledgementFrame.TryRead(firstByte, body, version, out var packetId, out var reasonCode, out var section);
        if (error is not null) return error;
        error = PropertySet.TryRead(section, (PropertyLocation)(firstByte >> 4), out var properties);
        if (error is not null) return error;
        packet = new AcknowledgementPacket((PacketType)(firstByte >> 4))
        {
            PacketId = packetId,
            ReasonCode = reasonCode,
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        };
        return null;
    }
}

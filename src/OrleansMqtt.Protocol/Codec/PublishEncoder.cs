using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Writes PUBLISH packets from parts that are encoded already: the exact length first, then straight into a span.</summary>
public static class PublishEncoder
{
    /// <summary>Bytes of the longest packet that MQTT can say.</summary>
    public const int MaximumLength = 1 + 4 + (int)VariableByteInteger.Maximum;

    private const int ExpiryLength = 1 + sizeof(uint);
    private const int AliasLength = 1 + sizeof(ushort);

    /// <summary>Length of the packet in bytes that <see cref="Write(Span{byte}, ProtocolVersion, QualityOfService, bool, bool, ReadOnlySpan{byte}, ushort, ushort, uint?, ReadOnlySpan{uint}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> makes.</summary>
    /// <param name="version">Version of the receiver; 3.x has none of the properties.</param>
    /// <param name="qos">QoS of the delivery.</param>
    /// <param name="topicLength">Bytes of the topic name, 0 to 65,535.</param>
    /// <param name="topicAlias">Topic alias, or 0 for none.</param>
    /// <param name="hasExpiry">Whether a message expiry interval is written.</param>
    /// <param name="subscriptionIdentifiers">Identifiers, each 1 to 268,435,455.</param>
    /// <param name="forwardedPropertiesLength">Bytes of the properties that are passed on.</param>
    /// <param name="payloadLength">Bytes of the payload.</param>
    /// <exception cref="ArgumentException">The topic or the packet is longer than MQTT can say.</exception>
    public static int GetLength(
        ProtocolVersion version,
        QualityOfService qos,
        int topicLength,
        ushort topicAlias,
        bool hasExpiry,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        int forwardedPropertiesLength,
        int payloadLength)
    {
        var length = Measure(version, qos, topicLength, topicAlias, hasExpiry, subscriptionIdentifiers, forwardedPropertiesLength, payloadLength);
        return length <= MaximumLength ? (int)length : throw new ArgumentException("The packet is longer than MQTT can say.", nameof(payloadLength));
    }

    /// <summary>The same, for parts that may be too long together: then it is over <see cref="MaximumLength"/>, and there is no such packet.</summary>
    /// <inheritdoc cref="GetLength"/>
    public static long Measure(
        ProtocolVersion version,
        QualityOfService qos,
        int topicLength,
        ushort topicAlias,
        bool hasExpiry,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        int forwardedPropertiesLength,
        int payloadLength)
    {
        var properties = version == ProtocolVersion.V50
            ? GetPropertiesLength(topicAlias, hasExpiry, subscriptionIdentifiers, forwardedPropertiesLength)
            : -1;
        var body = MeasureBody(qos, topicLength, properties, payloadLength);
        return body <= VariableByteInteger.Maximum ? 1 + VariableByteInteger.GetLength((uint)body) + body : MaximumLength + 1L;
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="destination">At least as many bytes as GetLength says.</param>
    /// <param name="version">Version of the receiver; 3.x ignores all that only 5.0 has.</param>
    /// <param name="qos">QoS of the delivery.</param>
    /// <param name="retain">Retain flag.</param>
    /// <param name="duplicate">DUP flag; must be false at QoS 0 [MQTT-3.3.1-2].</param>
    /// <param name="topic">Topic name; empty only beside an alias.</param>
    /// <param name="packetId">Packet identifier; ignored at QoS 0.</param>
    /// <param name="topicAlias">Topic alias, or 0 for none.</param>
    /// <param name="messageExpiry">Message expiry interval in seconds, or null for none.</param>
    /// <param name="subscriptionIdentifiers">Identifiers, each 1 to 268,435,455.</param>
    /// <param name="forwardedProperties">Encoded properties that are passed on; none of those that have a parameter of their own.</param>
    /// <param name="payload">Payload bytes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is too short, or the packet longer than MQTT can say.</exception>
    public static int Write(
        Span<byte> destination,
        ProtocolVersion version,
        QualityOfService qos,
        bool retain,
        bool duplicate,
        ReadOnlySpan<byte> topic,
        ushort packetId,
        ushort topicAlias,
        uint? messageExpiry,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        ReadOnlySpan<byte> forwardedProperties,
        ReadOnlySpan<byte> payload) =>
        Write(
            destination, version, qos, retain, duplicate, topic, packetId, topicAlias, messageExpiry, subscriptionIdentifiers,
            forwardedProperties, payload, out _);

    /// <summary>Writes one packet, and says where its identifier stands, so that copies for other receivers can be patched.</summary>
    /// <inheritdoc cref="Write(Span{byte}, ProtocolVersion, QualityOfService, bool, bool, ReadOnlySpan{byte}, ushort, ushort, uint?, ReadOnlySpan{uint}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    /// <param name="destination">At least as many bytes as GetLength says.</param>
    /// <param name="version">Version of the receiver; 3.x ignores all that only 5.0 has.</param>
    /// <param name="qos">QoS of the delivery.</param>
    /// <param name="retain">Retain flag.</param>
    /// <param name="duplicate">DUP flag; must be false at QoS 0 [MQTT-3.3.1-2].</param>
    /// <param name="topic">Topic name; empty only beside an alias.</param>
    /// <param name="packetId">Packet identifier; ignored at QoS 0.</param>
    /// <param name="topicAlias">Topic alias, or 0 for none.</param>
    /// <param name="messageExpiry">Message expiry interval in seconds, or null for none.</param>
    /// <param name="subscriptionIdentifiers">Identifiers, each 1 to 268,435,455.</param>
    /// <param name="forwardedProperties">Encoded properties that are passed on; none of those that have a parameter of their own.</param>
    /// <param name="payload">Payload bytes.</param>
    /// <param name="packetIdOffset">Where the two bytes of the identifier stand, big-endian; -1 at QoS 0.</param>
    public static int Write(
        Span<byte> destination,
        ProtocolVersion version,
        QualityOfService qos,
        bool retain,
        bool duplicate,
        ReadOnlySpan<byte> topic,
        ushort packetId,
        ushort topicAlias,
        uint? messageExpiry,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        ReadOnlySpan<byte> forwardedProperties,
        ReadOnlySpan<byte> payload,
        out int packetIdOffset)
    {
        var properties = version == ProtocolVersion.V50
            ? GetPropertiesLength(topicAlias, messageExpiry.HasValue, subscriptionIdentifiers, forwardedProperties.Length)
            : -1;
        var body = GetBodyLength(qos, topic.Length, properties, payload.Length);

        destination[0] = (byte)((int)PacketType.Publish << 4 | (duplicate ? 8 : 0) | (int)qos << 1 | (retain ? 1 : 0));
        var position = 1 + VariableByteInteger.Write(destination[1..], body);
        BinaryPrimitives.WriteUInt16BigEndian(destination[position..], (ushort)topic.Length);
        position += sizeof(ushort);
        topic.CopyTo(destination[position..]);
        position += topic.Length;

        packetIdOffset = -1;
        if (qos != QualityOfService.AtMostOnce) // [MQTT-2.2.1-2]
        {
            packetIdOffset = position;
            BinaryPrimitives.WriteUInt16BigEndian(destination[position..], packetId);
            position += sizeof(ushort);
        }

        if (properties == 0)
        {
            destination[position++] = 0; // [MQTT-2.2.2-1]
        }
        else if (properties > 0)
        {
            position += VariableByteInteger.Write(destination[position..], (uint)properties);
            position += WriteOwn(destination[position..], topicAlias, messageExpiry, subscriptionIdentifiers);
            forwardedProperties.CopyTo(destination[position..]);
            position += forwardedProperties.Length;
        }

        payload.CopyTo(destination[position..]);
        return position + payload.Length;
    }

    private static int WriteOwn(Span<byte> destination, ushort topicAlias, uint? messageExpiry, ReadOnlySpan<uint> subscriptionIdentifiers)
    {
        var position = 0;
        if (messageExpiry is { } expiry)
        {
            destination[0] = (byte)PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(destination[1..], expiry);
            position = ExpiryLength;
        }

        if (topicAlias != 0)
        {
            destination[position] = (byte)PropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(destination[(position + 1)..], topicAlias);
            position += AliasLength;
        }

        foreach (var identifier in subscriptionIdentifiers)
        {
            destination[position++] = (byte)PropertyId.SubscriptionIdentifier;
            position += VariableByteInteger.Write(destination[position..], identifier);
        }

        return position;
    }

    private static int GetPropertiesLength(
        ushort topicAlias, bool hasExpiry, ReadOnlySpan<uint> subscriptionIdentifiers, int forwardedPropertiesLength)
    {
        var length = forwardedPropertiesLength + (topicAlias != 0 ? AliasLength : 0) + (hasExpiry ? ExpiryLength : 0);
        foreach (var identifier in subscriptionIdentifiers) length += 1 + VariableByteInteger.GetLength(identifier);
        return length;
    }

    /// <param name="qos">QoS of the delivery.</param>
    /// <param name="topicLength">Bytes of the topic.</param>
    /// <param name="propertiesLength">Bytes of the section without its prefix; negative if the version has none.</param>
    /// <param name="payloadLength">Bytes of the payload.</param>
    private static uint GetBodyLength(QualityOfService qos, int topicLength, int propertiesLength, int payloadLength)
    {
        var length = MeasureBody(qos, topicLength, propertiesLength, payloadLength);
        return length <= VariableByteInteger.Maximum
            ? (uint)length
            : throw new ArgumentException("The packet is longer than MQTT can say.", nameof(payloadLength));
    }

    private static long MeasureBody(QualityOfService qos, int topicLength, int propertiesLength, int payloadLength)
    {
        if (topicLength > Utf8Text.MaximumLength)
            throw new ArgumentException("The topic takes more than 65,535 bytes.", nameof(topicLength));
        var length = (long)sizeof(ushort) + topicLength + payloadLength + (qos == QualityOfService.AtMostOnce ? 0 : sizeof(ushort));
        if (propertiesLength >= 0) length += VariableByteInteger.GetLength((uint)propertiesLength) + propertiesLength;
        return length;
    }
}

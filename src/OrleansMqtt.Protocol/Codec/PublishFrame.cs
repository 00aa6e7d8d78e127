using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>One PUBLISH as it stands on the wire (MQTT 5.0 section 3.3). Refers to the bytes it was decoded from, and copies
/// nothing.</summary>
public readonly ref struct PublishFrame
{
    private const byte DuplicateFlag = 0x08;
    private const byte RetainFlag = 0x01;
    private const byte NoPayloadFormat = 2;

    private readonly byte _flags;
    private readonly byte _payloadFormat;

    private PublishFrame(
        byte flags,
        ReadOnlySpan<byte> topic,
        ushort packetId,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> properties,
        scoped in Found found)
    {
        _flags = flags;
        Topic = topic;
        PacketId = packetId;
        Payload = payload;
        Properties = properties;
        TopicAlias = found.TopicAlias;
        MessageExpiryInterval = found.MessageExpiry;
        HasMessageExpiry = found.HasMessageExpiry;
        _payloadFormat = found.PayloadFormat;
        ForwardedPropertiesLength = properties.Length - found.CutLength;
    }

    /// <summary>Delivery guarantee.</summary>
    public QualityOfService QoS => (QualityOfService)(_flags >> 1 & 0x03);

    /// <summary>Retain flag.</summary>
    public bool Retain => (_flags & RetainFlag) != 0;

    /// <summary>DUP flag.</summary>
    public bool Duplicate => (_flags & DuplicateFlag) != 0;

    /// <summary>Packet identifier; 0 at QoS 0.</summary>
    public ushort PacketId { get; }

    /// <summary>Topic name: valid UTF-8 without wildcards; empty only beside a <see cref="TopicAlias"/>.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>Topic alias, 1 to 65,535; 0 if there is none.</summary>
    public ushort TopicAlias { get; }

    /// <summary>Life of the message in seconds, if <see cref="HasMessageExpiry"/>.</summary>
    public uint MessageExpiryInterval { get; }

    /// <summary>Whether the message expires.</summary>
    public bool HasMessageExpiry { get; }

    /// <summary>Whether the payload says that it is UTF-8 text; null if it says nothing. What it says is not checked here.</summary>
    public bool? PayloadFormatIndicator => _payloadFormat == NoPayloadFormat ? null : _payloadFormat != 0;

    /// <summary>Payload bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The whole encoded property section without its length prefix; empty in 3.x.</summary>
    public ReadOnlySpan<byte> Properties { get; }

    /// <summary>Bytes of those properties that a server passes on unchanged: all but topic alias, message expiry interval and
    /// subscription identifiers.</summary>
    public int ForwardedPropertiesLength { get; }

    /// <summary>Whether nothing has to be cut, so that <see cref="Properties"/> can be passed on as they are.</summary>
    public bool ForwardsWholeSection => ForwardedPropertiesLength == Properties.Length;

    /// <summary>Content type, or null. Searches the section.</summary>
    public string? ContentType => new MessageProperties(Properties).ContentType;

    /// <summary>Response topic, or null. Searches the section.</summary>
    public string? ResponseTopic => new MessageProperties(Properties).ResponseTopic;

    /// <summary>Copy of the correlation data, or null. Searches the section.</summary>
    public ReadOnlyMemory<byte>? CorrelationData => new MessageProperties(Properties).CorrelationData;

    /// <summary>User properties in order. Searches the section.</summary>
    public IReadOnlyList<UserProperty> UserProperties => new MessageProperties(Properties).UserProperties;

    /// <summary>The properties to pass on, if <see cref="ForwardsWholeSection"/>.</summary>
    /// <exception cref="InvalidOperationException">Something has to be cut: use <see cref="CopyForwardedProperties"/>.</exception>
    public ReadOnlySpan<byte> ForwardedProperties =>
        ForwardsWholeSection ? Properties : throw new InvalidOperationException("The section has properties that are not passed on.");

    /// <summary>Copies the properties to pass on in their original order.</summary>
    /// <param name="destination">At least <see cref="ForwardedPropertiesLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public void CopyForwardedProperties(Span<byte> destination)
    {
        if (ForwardsWholeSection) Properties.CopyTo(destination);
        else ForwardedSection.Copy(Properties, destination);
    }

    /// <summary>The same frame under another topic: after the alias was looked up, or a listener's prefix was added.</summary>
    /// <param name="topic">A valid topic name.</param>
    public PublishFrame WithTopic(ReadOnlySpan<byte> topic) => this with { Topic = topic };

    /// <summary>Decodes the body of a PUBLISH. Allocates nothing.</summary>
    /// <param name="firstByte">First byte of the packet; its type is not looked at.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="origin">Who sent it.</param>
    /// <param name="frame">The frame; default if refused.</param>
    public static ProtocolError? TryDecode(
        byte firstByte, ReadOnlySpan<byte> body, ProtocolVersion version, PublishOrigin origin, out PublishFrame frame)
    {
        frame = default;
        var hasPacketId = (firstByte & 0x06) != 0;
        if ((firstByte & 0x06) == 0x06) return ProtocolErrors.QosThree; // [MQTT-3.3.1-4]
        if (!hasPacketId && (firstByte & DuplicateFlag) != 0) return ProtocolErrors.DuplicateAtQosZero; // [MQTT-3.3.1-2]

        if (!BinaryPrimitives.TryReadUInt16BigEndian(body, out var topicLength)) return ProtocolErrors.Truncated;
        var rest = body[sizeof(ushort)..];
        if (rest.Length < topicLength) return ProtocolErrors.Truncated;
        var topic = rest[..topicLength];
        rest = rest[topicLength..];
        // [MQTT-3.3.2-1], [MQTT-3.3.2-2]
        if (TopicNameCheck.Check(topic, ProtocolErrors.TopicWildcard) is { } topicError) return topicError;

        ushort packetId = 0;
        if (hasPacketId)
        {
            if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out packetId)) return ProtocolErrors.Truncated;
            if (packetId == 0) return ProtocolErrors.PacketIdZero; // [MQTT-2.2.1-3], [MQTT-2.2.1-4]
            rest = rest[sizeof(ushort)..];
        }

        var found = new Found { PayloadFormat = NoPayloadFormat };
        ReadOnlySpan<byte> properties = default;
        if (version == ProtocolVersion.V50)
        {
            if (!rest.IsEmpty && rest[0] == 0)
            {
                rest = rest[1..];
            }
            else
            {
                var reader = new SpanReader(rest);
                if (!reader.TryReadSection(out properties)) return ProtocolErrors.PropertyLength;
                if (found.Read(properties, origin) is { } error) return error;
                rest = reader.Rest;
            }
        }

        if (topicLength == 0 && found.TopicAlias == 0)
            return version == ProtocolVersion.V50 ? ProtocolErrors.TopicEmptyWithoutAlias : ProtocolErrors.TopicEmpty; // [MQTT-4.7.3-1]

        frame = new PublishFrame(firstByte, topic, packetId, rest, properties, in found);
        return null;
    }

    private struct Found
    {
        internal ushort TopicAlias;
        internal byte PayloadFormat;
        internal bool HasMessageExpiry;
        internal uint MessageExpiry;
        internal int CutLength;

        internal ProtocolError? Read(ReadOnlySpan<byte> section, PublishOrigin origin)
        {
            var reader = new PropertyReader(section, PropertyLocation.Publish);
            while (reader.Read())
            {
                switch (reader.Id)
                {
                    case PropertyId.TopicAlias:
                        TopicAlias = (ushort)reader.Number;
                        break;
                    case PropertyId.PayloadFormatIndicator:
                        PayloadFormat = (byte)reader.Number;
                        break;
                    case PropertyId.MessageExpiryInterval:
                        MessageExpiry = reader.Number;
                        HasMessageExpiry = true;
                        break;
                    case PropertyId.SubscriptionIdentifier when origin == PublishOrigin.Client: // [MQTT-3.3.4-6]
                        return ProtocolErrors.SubscriptionIdentifierFromClient;
                }

                if (ForwardedSection.IsCut(reader.Id)) CutLength += reader.End - reader.Start;
            }

            return reader.Error;
        }
    }
}

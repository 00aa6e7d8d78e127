using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>PUBLISH and its acknowledgements, SUBSCRIBE, UNSUBSCRIBE and theirs.</summary>
internal sealed partial class PacketGenerator
{
    private PublishPacket Publish(ProtocolVersion version)
    {
        var full = version == ProtocolVersion.V50;
        var qos = QoS();
        var alias = full ? Maybe(Id) : null;
        return new PublishPacket
        {
            Topic = alias is not null && Coin() ? "" : TopicName(),
            Payload = Bytes(),
            QoS = qos,
            Retain = Coin(),
            Duplicate = qos != QualityOfService.AtMostOnce && Coin(),
            PacketId = qos == QualityOfService.AtMostOnce ? (ushort)0 : Id(),
            PayloadFormatIndicator = full ? Maybe(Coin) : null,
            MessageExpiryInterval = full ? Maybe(Number) : null,
            TopicAlias = alias,
            ResponseTopic = full && Coin() ? TopicName() : null,
            CorrelationData = full ? Maybe(AnyBytes) : null,
            UserProperties = full ? UserProperties() : [],
            SubscriptionIdentifiers = full && Coin() ? List(SubscriptionIdentifier) : [],
            ContentType = full ? MaybeText() : null,
        };
    }

    private uint SubscriptionIdentifier() => (uint)random.NextInt64(1, 1L << random.Next(1, 29));

    private AcknowledgementPacket Acknowledgement(PacketType type, ProtocolVersion version) => version != ProtocolVersion.V50
        ? new AcknowledgementPacket(type) { PacketId = Id() }
        : new AcknowledgementPacket(type)
        {
            PacketId = Id(), ReasonCode = Code(type), ReasonString = MaybeText(), UserProperties = UserProperties(),
        };

    private SubscribePacket Subscribe(ProtocolVersion version)
    {
        var full = version == ProtocolVersion.V50;
        return new SubscribePacket
        {
            PacketId = Id(),
            SubscriptionIdentifier = full ? Maybe(SubscriptionIdentifier) : null,
            UserProperties = full ? UserProperties() : [],
            Subscriptions = List(() => full ? FullSubscription() : new Subscription { Filter = Filter(), MaximumQoS = QoS() }),
        };
    }

    private Subscription FullSubscription() => new()
    {
        Filter = Filter(),
        MaximumQoS = QoS(),
        NoLocal = Coin(),
        RetainAsPublished = Coin(),
        RetainHandling = (RetainHandling)random.Next(3),
    };

    private SubAckPacket SubAck(ProtocolVersion version)
    {
        ReasonCode[] old = [ReasonCode.GrantedQos0, ReasonCode.GrantedQos1, ReasonCode.GrantedQos2, ReasonCode.UnspecifiedError];
        return version != ProtocolVersion.V50
            ? new SubAckPacket { PacketId = Id(), ReasonCodes = List(() => old[random.Next(old.Length)]) }
            : new SubAckPacket
            {
                PacketId = Id(), ReasonCodes = List(() => Code(PacketType.SubAck)), ReasonString = MaybeText(), UserProperties = UserProperties(),
            };
    }

    private UnsubscribePacket Unsubscribe(ProtocolVersion version) => new()
    {
        PacketId = Id(), Filters = List(Filter), UserProperties = version == ProtocolVersion.V50 ? UserProperties() : [],
    };

    private UnsubAckPacket UnsubAck(ProtocolVersion version) => version != ProtocolVersion.V50
        ? new UnsubAckPacket { PacketId = Id() }
        : new UnsubAckPacket
        {
            PacketId = Id(), ReasonCodes = List(() => Code(PacketType.UnsubAck)), ReasonString = MaybeText(), UserProperties = UserProperties(),
        };
}

using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>What the server of a connection takes, as its CONNACK said; everything where it said nothing, and before 5.0.</summary>
public sealed record ClientCapabilities
{
    /// <summary>The highest QoS that may be published. The machine lowers what is above.</summary>
    public QualityOfService MaximumQoS { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether messages may be published with the retain flag.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Whether filters may contain wildcards.</summary>
    public bool WildcardSubscriptionAvailable { get; init; } = true;

    /// <summary>Whether SUBSCRIBE may carry an identifier.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    /// <summary>Whether shared subscriptions may be made.</summary>
    public bool SharedSubscriptionAvailable { get; init; } = true;

    /// <summary>The largest packet to send, in bytes.</summary>
    public uint MaximumPacketSize { get; init; } = PacketFeed.NoLimit;

    /// <summary>How many QoS 1 and 2 messages may be unacknowledged, 1 to 65,535.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>How many topic aliases may be used.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>The keep-alive in force, in seconds; 0 turns it off. The shell measures it [MQTT-3.2.2-21].</summary>
    public ushort KeepAlive { get; init; }

    internal static ClientCapabilities Of(ConnectPacket connect, ConnAckPacket connAck) => new()
    {
        MaximumQoS = connAck.MaximumQoS ?? QualityOfService.ExactlyOnce,
        RetainAvailable = connAck.RetainAvailable ?? true,
        WildcardSubscriptionAvailable = connAck.WildcardSubscriptionAvailable ?? true,
        SubscriptionIdentifiersAvailable = connAck.SubscriptionIdentifiersAvailable ?? true,
        SharedSubscriptionAvailable = connAck.SharedSubscriptionAvailable ?? true,
        MaximumPacketSize = connAck.MaximumPacketSize ?? PacketFeed.NoLimit,
        ReceiveMaximum = connAck.ReceiveMaximum ?? ushort.MaxValue,
        TopicAliasMaximum = connAck.TopicAliasMaximum ?? 0,
        KeepAlive = connAck.ServerKeepAlive ?? connect.KeepAlive,
    };

    /// <summary>Why a message must not be sent, or null.</summary>
    internal ProtocolError? Check(PublishPacket packet, int length)
    {
        if (packet.Retain && !RetainAvailable) // [MQTT-3.2.2-14]
        {
            return new(ReasonCode.RetainNotSupported, "The server does not take retained messages.");
        }

        if (packet.QoS > MaximumQoS) // [MQTT-3.2.2-11]
        {
            return new(ReasonCode.QosNotSupported, "The server does not take this QoS.");
        }

        return CheckLength(length);
    }

    /// <summary>Why a packet of a length must not be sent, or null [MQTT-3.2.2-15].</summary>
    internal ProtocolError? CheckLength(int length) => length > MaximumPacketSize
        ? new(ReasonCode.PacketTooLarge, "The packet is larger than the server takes.")
        : null;

    /// <summary>Why a subscription must not be asked for, or null.</summary>
    internal ProtocolError? Check(Subscription subscription, uint? identifier)
    {
        if (identifier is not null && !SubscriptionIdentifiersAvailable)
        {
            return new(ReasonCode.SubscriptionIdentifiersNotSupported, "The server does not take subscription identifiers.");
        }

        if (!SharedSubscriptionAvailable && Topics.SharedFilter.IsShared(subscription.Filter))
        {
            return new(ReasonCode.SharedSubscriptionsNotSupported, "The server does not take shared subscriptions.");
        }

        return !WildcardSubscriptionAvailable && subscription.Filter.AsSpan().ContainsAny('+', '#')
            ? new(ReasonCode.WildcardSubscriptionsNotSupported, "The server does not take wildcards in filters.")
            : null;
    }
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketEncoder
{
    private static void WriteSubscribe(ref PacketWriter writer, SubscribePacket packet, ProtocolVersion version)
    {
        // [MQTT-3.8.3-2]
        if (packet.Subscriptions.Count == 0) throw new ArgumentException("SUBSCRIBE without a topic filter.", nameof(packet));
        writer.PacketId(packet.PacketId);
        if (version == ProtocolVersion.V50) writer.Section(packet, WriteSubscribeProperties);
        for (var i = 0; i < packet.Subscriptions.Count; i++)
        {
            var subscription = packet.Subscriptions[i];
            WriteFilter(ref writer, subscription.Filter);
            writer.Byte(version == ProtocolVersion.V50 ? SubscriptionOptions.Encode(subscription) : (byte)subscription.MaximumQoS);
        }
    }

    private static void WriteSubscribeProperties(ref PacketWriter writer, SubscribePacket packet)
    {
        if (packet.SubscriptionIdentifier is { } identifier) writer.SubscriptionIdentifier(identifier);
        writer.UserProperties(packet.UserProperties);
    }

    private static void WriteSubAck(ref PacketWriter writer, SubAckPacket packet, ProtocolVersion version)
    {
        if (packet.ReasonCodes.Count == 0) throw new ArgumentException("SUBACK without a reason code.", nameof(packet));
        writer.PacketId(packet.PacketId);
        if (version == ProtocolVersion.V50)
        {
            writer.Section(packet, static (ref PacketWriter section, SubAckPacket subAck) =>
            {
                section.Property(PropertyId.ReasonString, subAck.ReasonString);
                section.UserProperties(subAck.UserProperties);
            });
        }

        for (var i = 0; i < packet.ReasonCodes.Count; i++)
        {
            var code = packet.ReasonCodes[i];
            RequireReasonCode(PacketType.SubAck, code);
            // 3.1.1 knows one failure, 0x80 [MQTT-3.9.3-2]. 3.1 names none, and has nothing better.
            writer.Byte((byte)(version != ProtocolVersion.V50 && code.IsFailure() ? ReasonCode.UnspecifiedError : code));
        }
    }

    private static void WriteUnsubscribe(ref PacketWriter writer, UnsubscribePacket packet, ProtocolVersion version)
    {
        // [MQTT-3.10.3-2]
        if (packet.Filters.Count == 0) throw new ArgumentException("UNSUBSCRIBE without a topic filter.", nameof(packet));
        writer.PacketId(packet.PacketId);
        if (version == ProtocolVersion.V50)
        {
            writer.Section(
                packet, static (ref PacketWriter section, UnsubscribePacket unsubscribe) => section.UserProperties(unsubscribe.UserProperties));
        }

        for (var i = 0; i < packet.Filters.Count; i++) WriteFilter(ref writer, packet.Filters[i]);
    }

    private static void WriteUnsubAck(ref PacketWriter writer, UnsubAckPacket packet, ProtocolVersion version)
    {
        writer.PacketId(packet.PacketId);
        if (version != ProtocolVersion.V50) return;
        if (packet.ReasonCodes.Count == 0) throw new ArgumentException("UNSUBACK without a reason code.", nameof(packet));
        writer.Section(packet, static (ref PacketWriter section, UnsubAckPacket unsubAck) =>
        {
            section.Property(PropertyId.ReasonString, unsubAck.ReasonString);
            section.UserProperties(unsubAck.UserProperties);
        });
        for (var i = 0; i < packet.ReasonCodes.Count; i++)
        {
            RequireReasonCode(PacketType.UnsubAck, packet.ReasonCodes[i]);
            writer.Byte((byte)packet.ReasonCodes[i]);
        }
    }

    private static void WriteFilter(ref PacketWriter writer, string filter)
    {
        if (filter.Length == 0) throw new ArgumentException("A topic filter is empty.", nameof(filter)); // [MQTT-4.7.3-1]
        writer.Text(filter);
    }
}

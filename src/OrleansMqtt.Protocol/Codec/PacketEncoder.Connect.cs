using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketEncoder
{
    private static void WriteConnect(ref PacketWriter writer, ConnectPacket packet)
    {
        var version = packet.Version;
        if (version != ProtocolVersion.V50 && packet is { Password: not null, UserName: null }) // [MQTT-3.1.2-22] of 3.1.1
            throw new ArgumentException("A password without a user name is not allowed before 5.0.", nameof(packet));
        if (packet is { AuthenticationData: not null, AuthenticationMethod: null })
            throw new ArgumentException("Authentication data without an authentication method.", nameof(packet));

        writer.Text(version == ProtocolVersion.V31 ? "MQIsdp" : "MQTT");
        writer.Byte((byte)((byte)version | (packet.IsBridge && version != ProtocolVersion.V50 ? ConnectFlags.Bridge : 0)));
        writer.Byte(GetFlags(packet));
        writer.UInt16(packet.KeepAlive);
        if (version == ProtocolVersion.V50) writer.Section(packet, WriteConnectProperties);

        // [MQTT-3.1.3-1]: client identifier, will properties, will topic, will payload, user name, password.
        writer.Text(packet.ClientId);
        if (packet.Will is { } will)
        {
            if (version == ProtocolVersion.V50) writer.Section(will, WriteWillProperties);
            writer.TopicName(will.Topic);
            writer.Binary(will.Payload.Span);
        }

        if (packet.UserName is { } userName) writer.Text(userName);
        if (packet.Password is { } password) writer.Binary(password.Span);
    }

    private static byte GetFlags(ConnectPacket packet)
    {
        var flags = packet.CleanStart ? ConnectFlags.CleanStart : 0;
        if (packet.Will is { } will)
        {
            flags |= ConnectFlags.Will | (int)will.QoS << ConnectFlags.WillQosShift;
            if (will.Retain) flags |= ConnectFlags.WillRetain;
        }

        if (packet.Password is not null) flags |= ConnectFlags.Password;
        if (packet.UserName is not null) flags |= ConnectFlags.UserName;
        return (byte)flags;
    }

    private static void WriteConnectProperties(ref PacketWriter writer, ConnectPacket packet)
    {
        writer.Property(PropertyId.SessionExpiryInterval, packet.SessionExpiryInterval);
        writer.Property(PropertyId.ReceiveMaximum, NotZero(packet.ReceiveMaximum));
        writer.Property(PropertyId.MaximumPacketSize, NotZero(packet.MaximumPacketSize));
        writer.Property(PropertyId.TopicAliasMaximum, packet.TopicAliasMaximum);
        writer.Property(PropertyId.RequestResponseInformation, packet.RequestResponseInformation);
        writer.Property(PropertyId.RequestProblemInformation, packet.RequestProblemInformation);
        writer.Property(PropertyId.AuthenticationMethod, packet.AuthenticationMethod);
        writer.Property(PropertyId.AuthenticationData, packet.AuthenticationData);
        writer.UserProperties(packet.UserProperties);
    }

    private static void WriteWillProperties(ref PacketWriter writer, Will will)
    {
        if (!ForwardedSection.IsForwardable(will.ForwardedProperties.Span))
            throw new ArgumentException("The will's forwarded properties are not well-formed.", nameof(will));
        if (will.DelayInterval != 0) writer.Property(PropertyId.WillDelayInterval, (uint?)will.DelayInterval);
        writer.Property(PropertyId.MessageExpiryInterval, will.MessageExpiryInterval);
        writer.Bytes(will.ForwardedProperties.Span);
    }

    private static ushort? NotZero(ushort? value) =>
        value == 0 ? throw new ArgumentException("The receive maximum may not be 0.", nameof(value)) : value;

    private static uint? NotZero(uint? value) =>
        value == 0 ? throw new ArgumentException("The maximum packet size may not be 0.", nameof(value)) : value;
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketEncoder
{
    private static void WriteDisconnect(ref PacketWriter writer, DisconnectPacket packet, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V50) return;
        RequireReasonCode(PacketType.Disconnect, packet.ReasonCode);
        var hasProperties =
            packet is not { SessionExpiryInterval: null, ReasonString: null, ServerReference: null, UserProperties.Count: 0 };
        if (packet.ReasonCode == ReasonCode.NormalDisconnection && !hasProperties) return;
        writer.Byte((byte)packet.ReasonCode);
        if (!hasProperties) return;
        writer.Section(packet, static (ref PacketWriter section, DisconnectPacket disconnect) =>
        {
            section.Property(PropertyId.SessionExpiryInterval, disconnect.SessionExpiryInterval);
            section.Property(PropertyId.ReasonString, disconnect.ReasonString);
            section.UserProperties(disconnect.UserProperties);
            section.Property(PropertyId.ServerReference, disconnect.ServerReference);
        });
    }

    private static void WriteAuth(ref PacketWriter writer, AuthPacket packet, ProtocolVersion version)
    {
        if (version != ProtocolVersion.V50) throw new ArgumentException("AUTH does not exist in this protocol version.", nameof(version));
        RequireReasonCode(PacketType.Auth, packet.ReasonCode);
        if (packet.AuthenticationMethod is null)
        {
            // Only this packet may leave out the method, by leaving out everything (MQTT 5.0 section 3.15.2.1).
            if (packet is { ReasonCode: ReasonCode.Success, AuthenticationData: null, ReasonString: null, UserProperties.Count: 0 }) return;
            throw new ArgumentException("AUTH without an authentication method.", nameof(packet));
        }

        writer.Byte((byte)packet.ReasonCode);
        writer.Section(packet, static (ref PacketWriter section, AuthPacket auth) =>
        {
            section.Property(PropertyId.AuthenticationMethod, auth.AuthenticationMethod);
            section.Property(PropertyId.AuthenticationData, auth.AuthenticationData);
            section.Property(PropertyId.ReasonString, auth.ReasonString);
            section.UserProperties(auth.UserProperties);
        });
    }
}

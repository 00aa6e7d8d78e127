using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>Decodes the body of a CONNACK.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeConnAck(ReadOnlySpan<byte> body, ProtocolVersion version, out ConnAckPacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        if (!reader.TryReadByte(out var flags) || !reader.TryReadByte(out var code)) return ProtocolErrors.Truncated;
        // 3.1 calls the first byte unused.
        if (version == ProtocolVersion.V31) flags = 0;
        if ((flags & ~1) != 0) return ProtocolErrors.ConnAckFlags; // [MQTT-3.2.2-1]
        if (flags != 0 && code != 0) return ProtocolErrors.SessionPresentAtFailure; // [MQTT-3.2.2-6]

        PropertySet properties = default;
        var reason = (ReasonCode)code;
        if (version == ProtocolVersion.V50)
        {
            if (!ReasonCodes.IsAllowed(PacketType.ConnAck, reason)) return ProtocolErrors.ReasonCodeNotAllowed; // [MQTT-3.2.2-8]
            var error = PropertySet.TryRead(ref reader, PropertyLocation.ConnAck, out properties) ?? properties.CheckAuthentication();
            if (error is not null) return error;
        }
        else
        {
            if (code > (byte)ConnectReturnCode.NotAuthorized) return ProtocolErrors.ReturnCode;
            reason = ReasonCodes.FromConnectReturnCode((ConnectReturnCode)code);
        }

        if (!reader.IsAtEnd) return ProtocolErrors.BytesLeftOver;
        packet = BuildConnAck(flags != 0, reason, in properties);
        return null;
    }

    private static ConnAckPacket BuildConnAck(bool sessionPresent, ReasonCode reason, in PropertySet properties) => new()
    {
        SessionPresent = sessionPresent,
        ReasonCode = reason,
        SessionExpiryInterval = properties.UInt32(PropertyId.SessionExpiryInterval),
        ReceiveMaximum = properties.UInt16(PropertyId.ReceiveMaximum),
        MaximumQoS = properties.Has(PropertyId.MaximumQoS) ? (QualityOfService)properties.UInt32(PropertyId.MaximumQoS)! : null,
        RetainAvailable = properties.Boolean(PropertyId.RetainAvailable),
        MaximumPacketSize = properties.UInt32(PropertyId.MaximumPacketSize),
        AssignedClientIdentifier = properties.Text(PropertyId.AssignedClientIdentifier),
        TopicAliasMaximum = properties.UInt16(PropertyId.TopicAliasMaximum),
        ReasonString = properties.Text(PropertyId.ReasonString),
        UserProperties = properties.UserProperties(),
        WildcardSubscriptionAvailable = properties.Boolean(PropertyId.WildcardSubscriptionAvailable),
        SubscriptionIdentifiersAvailable = properties.Boolean(PropertyId.SubscriptionIdentifiersAvailable),
        SharedSubscriptionAvailable = properties.Boolean(PropertyId.SharedSubscriptionAvailable),
        ServerKeepAlive = properties.UInt16(PropertyId.ServerKeepAlive),
        ResponseInformation = properties.Text(PropertyId.ResponseInformation),
        ServerReference = properties.Text(PropertyId.ServerReference),
        AuthenticationMethod = properties.Text(PropertyId.AuthenticationMethod),
        AuthenticationData = properties.Binary(PropertyId.AuthenticationData),
    };
}

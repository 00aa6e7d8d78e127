using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>Decodes the body of a DISCONNECT.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeDisconnect(ReadOnlySpan<byte> body, ProtocolVersion version, out DisconnectPacket? packet)
    {
        packet = null;
        if (version != ProtocolVersion.V50 && !body.IsEmpty) return ProtocolErrors.BytesLeftOver;
        if (ReadReasonAndProperties(body, PropertyLocation.Disconnect, out var reason, out var properties) is { } error) return error;
        packet = new DisconnectPacket
        {
            ReasonCode = reason,
            SessionExpiryInterval = properties.UInt32(PropertyId.SessionExpiryInterval),
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
            ServerReference = properties.Text(PropertyId.ServerReference),
        };
        return null;
    }

    /// <summary>Decodes the body of an AUTH.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeAuth(ReadOnlySpan<byte> body, ProtocolVersion version, out AuthPacket? packet)
    {
        packet = null;
        if (version != ProtocolVersion.V50) return ProtocolErrors.NoSuchTypeInVersion;
        // Unlike DISCONNECT, AUTH omits reason code and properties together or not at all (MQTT 5.0 section 3.15.2.1).
        if (body.Length == 1) return ProtocolErrors.Truncated;
        if (ReadReasonAndProperties(body, PropertyLocation.Auth, out var reason, out var properties) is { } error) return error;
        if (properties.CheckAuthentication() is { } authenticationError) return authenticationError;
        if (!body.IsEmpty && !properties.Has(PropertyId.AuthenticationMethod)) return ProtocolErrors.NoMethod;
        packet = new AuthPacket
        {
            ReasonCode = reason,
            AuthenticationMethod = properties.Text(PropertyId.AuthenticationMethod),
            AuthenticationData = properties.Binary(PropertyId.AuthenticationData),
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        };
        return null;
    }

    /// <summary>An optional reason code and optional properties: the body of DISCONNECT and AUTH.</summary>
    private static ProtocolError? ReadReasonAndProperties(
        ReadOnlySpan<byte> body, PropertyLocation location, out ReasonCode reason, out PropertySet properties)
    {
        properties = default;
        reason = ReasonCode.Success;
        if (body.IsEmpty) return null;
        reason = (ReasonCode)body[0];
        // [MQTT-3.14.2-1], [MQTT-3.15.2-1]
        if (!ReasonCodes.IsAllowed((PacketType)location, reason)) return ProtocolErrors.ReasonCodeNotAllowed;
        if (body.Length == 1) return null;
        var reader = new SpanReader(body[1..]);
        if (PropertySet.TryRead(ref reader, location, out properties) is { } error) return error;
        return reader.IsAtEnd ? null : ProtocolErrors.BytesLeftOver;
    }
}

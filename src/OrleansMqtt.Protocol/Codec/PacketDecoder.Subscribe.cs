using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>Decodes the body of a SUBSCRIBE. Filters are checked to be text, not to be filters: that is answered per filter.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeSubscribe(ReadOnlySpan<byte> body, ProtocolVersion version, out SubscribePacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        var error = ReadIdAndProperties(ref reader, version, PropertyLocation.Subscribe, out var packetId, out var properties);
        if (error is not null) return error;
        if (reader.IsAtEnd) return ProtocolErrors.NoFilters; // [MQTT-3.8.3-2]

        var entries = reader;
        var count = 0;
        for (; !reader.IsAtEnd; count++)
        {
            if (!reader.TryReadText(out var filter)) return ProtocolErrors.Text; // [MQTT-3.8.3-1]
            if (filter.IsEmpty) return ProtocolErrors.FilterEmpty; // [MQTT-4.7.3-1]
            if (!reader.TryReadByte(out var options)) return ProtocolErrors.Truncated;
            if (SubscriptionOptions.Check(options, filter, version) is { } optionsError) return optionsError;
        }

        var subscriptions = new Subscription[count];
        for (var i = 0; i < count; i++)
        {
            entries.TryReadBinary(out var filter);
            entries.TryReadByte(out var options);
            subscriptions[i] = SubscriptionOptions.Decode(Utf8Text.Decode(filter), options);
        }

        packet = new SubscribePacket
        {
            PacketId = packetId,
            SubscriptionIdentifier = properties.UInt32(PropertyId.SubscriptionIdentifier),
            UserProperties = properties.UserProperties(),
            Subscriptions = subscriptions,
        };
        return null;
    }

    /// <summary>Decodes the body of a SUBACK.</summary>
    /// <inheritdoc cref="DecodeSubscribe" path="/param"/>
    public static ProtocolError? DecodeSubAck(ReadOnlySpan<byte> body, ProtocolVersion version, out SubAckPacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        var error = ReadIdAndProperties(ref reader, version, PropertyLocation.SubAck, out var packetId, out var properties);
        if (error is not null) return error;
        var codes = reader.Rest;
        if (codes.IsEmpty) return ProtocolErrors.NoReasonCodes;
        foreach (var code in codes)
        {
            var allowed = version == ProtocolVersion.V50
                ? ReasonCodes.IsAllowed(PacketType.SubAck, (ReasonCode)code)
                : code is <= 2 or (byte)ReasonCode.UnspecifiedError;
            if (!allowed) return ProtocolErrors.ReasonCodeNotAllowed; // [MQTT-3.9.3-2]
        }

        packet = new SubAckPacket
        {
            PacketId = packetId,
            ReasonCodes = ToReasonCodes(codes),
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        };
        return null;
    }

    /// <summary>Packet identifier and, in 5.0, properties: how SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK begin.</summary>
    private static ProtocolError? ReadIdAndProperties(
        scoped ref SpanReader reader, ProtocolVersion version, PropertyLocation location, out ushort packetId, out PropertySet properties)
    {
        properties = default;
        if (!reader.TryReadUInt16(out packetId)) return ProtocolErrors.Truncated;
        if (packetId == 0) return ProtocolErrors.PacketIdZero; // [MQTT-2.2.1-3]
        return version == ProtocolVersion.V50 ? PropertySet.TryRead(ref reader, location, out properties) : null;
    }

    private static ReasonCode[] ToReasonCodes(ReadOnlySpan<byte> codes)
    {
        var list = new ReasonCode[codes.Length];
        for (var i = 0; i < list.Length; i++) list[i] = (ReasonCode)codes[i];
        return list;
    }
}

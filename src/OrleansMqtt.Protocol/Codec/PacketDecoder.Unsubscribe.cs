using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>Decodes the body of an UNSUBSCRIBE. Filters are checked to be text, not to be filters.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeUnsubscribe(ReadOnlySpan<byte> body, ProtocolVersion version, out UnsubscribePacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        var error = ReadIdAndProperties(ref reader, version, PropertyLocation.Unsubscribe, out var packetId, out var properties);
        if (error is not null) return error;
        if (reader.IsAtEnd) return ProtocolErrors.NoFilters; // [MQTT-3.10.3-2]

        var entries = reader;
        var count = 0;
        for (; !reader.IsAtEnd; count++)
        {
            if (!reader.TryReadText(out var filter)) return ProtocolErrors.Text; // [MQTT-3.10.3-1]
            if (filter.IsEmpty) return ProtocolErrors.FilterEmpty; // [MQTT-4.7.3-1]
        }

        var filters = new string[count];
        for (var i = 0; i < count; i++)
        {
            entries.TryReadBinary(out var filter);
            filters[i] = Utf8Text.Decode(filter);
        }

        packet = new UnsubscribePacket { PacketId = packetId, UserProperties = properties.UserProperties(), Filters = filters };
        return null;
    }

    /// <summary>Decodes the body of an UNSUBACK.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">Version of the connection.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeUnsubAck(ReadOnlySpan<byte> body, ProtocolVersion version, out UnsubAckPacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        var error = ReadIdAndProperties(ref reader, version, PropertyLocation.UnsubAck, out var packetId, out var properties);
        if (error is not null) return error;
        var codes = reader.Rest;
        if (version != ProtocolVersion.V50)
        {
            if (!codes.IsEmpty) return ProtocolErrors.BytesLeftOver;
        }
        else if (codes.IsEmpty)
        {
            return ProtocolErrors.NoReasonCodes;
        }

        foreach (var code in codes)
        {
            // [MQTT-3.11.3-2]
            if (!ReasonCodes.IsAllowed(PacketType.UnsubAck, (ReasonCode)code)) return ProtocolErrors.ReasonCodeNotAllowed;
        }

        packet = new UnsubAckPacket
        {
            PacketId = packetId,
            ReasonCodes = ToReasonCodes(codes),
            ReasonString = properties.Text(PropertyId.ReasonString),
            UserProperties = properties.UserProperties(),
        };
        return null;
    }
}

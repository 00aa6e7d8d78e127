using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

public static partial class PacketDecoder
{
    /// <summary>The version that a CONNECT asks for, even if the rest of the packet is refused: so that the refusal can be written in
    /// it. False if the name or level is not known, or not there.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">The version.</param>
    public static bool TryPeekConnectVersion(ReadOnlySpan<byte> body, out ProtocolVersion version)
    {
        var reader = new SpanReader(body);
        return ReadVersion(ref reader, out version, out _) is null;
    }

    /// <summary>Decodes the body of a CONNECT.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="packet">The packet; null if refused.</param>
    public static ProtocolError? DecodeConnect(ReadOnlySpan<byte> body, out ConnectPacket? packet)
    {
        packet = null;
        var reader = new SpanReader(body);
        if (ReadVersion(ref reader, out var version, out var isBridge) is { } versionError) return versionError;
        if (!reader.TryReadByte(out var flags)) return ProtocolErrors.Truncated;
        if (CheckConnectFlags(flags, version) is { } flagsError) return flagsError;
        if (!reader.TryReadUInt16(out var keepAlive)) return ProtocolErrors.Truncated;

        PropertySet properties = default;
        if (version == ProtocolVersion.V50)
        {
            var error = PropertySet.TryRead(ref reader, PropertyLocation.Connect, out properties) ?? properties.CheckAuthentication();
            if (error is not null) return error;
        }

        if (!reader.TryReadText(out var clientId)) return ProtocolErrors.Text; // [MQTT-3.1.3-3], [MQTT-3.1.3-4]
        WillFields will = default;
        if ((flags & ConnectFlags.Will) != 0 && will.Read(ref reader, version) is { } willError) return willError;

        // 3.1: the remaining length takes precedence over the flags; a user name or password it leaves no room for is just absent.
        var mayEnd = version == ProtocolVersion.V31;
        var hasUserName = (flags & ConnectFlags.UserName) != 0 && !(mayEnd && reader.IsAtEnd);
        ReadOnlySpan<byte> userName = default, password = default;
        if (hasUserName && !reader.TryReadText(out userName)) return ProtocolErrors.Text; // [MQTT-3.1.3-12]
        var hasPassword = (flags & ConnectFlags.Password) != 0 && !(mayEnd && reader.IsAtEnd);
        if (hasPassword && !reader.TryReadBinary(out password)) return ProtocolErrors.Truncated;
        if (!reader.IsAtEnd) return ProtocolErrors.BytesLeftOver; // [MQTT-3.1.2-16], [MQTT-3.1.2-18]

        packet = new ConnectPacket
        {
            Version = version,
            IsBridge = isBridge,
            CleanStart = (flags & ConnectFlags.CleanStart) != 0,
            KeepAlive = keepAlive,
            ClientId = Utf8Text.Decode(clientId),
            UserName = hasUserName ? Utf8Text.Decode(userName) : null,
            Password = hasPassword ? (ReadOnlyMemory<byte>?)password.ToArray() : null,
            Will = (flags & ConnectFlags.Will) != 0 ? will.Build(flags) : null,
            SessionExpiryInterval = properties.UInt32(PropertyId.SessionExpiryInterval),
            ReceiveMaximum = properties.UInt16(PropertyId.ReceiveMaximum),
            MaximumPacketSize = properties.UInt32(PropertyId.MaximumPacketSize),
            TopicAliasMaximum = properties.UInt16(PropertyId.TopicAliasMaximum),
            RequestResponseInformation = properties.Boolean(PropertyId.RequestResponseInformation),
            RequestProblemInformation = properties.Boolean(PropertyId.RequestProblemInformation),
            AuthenticationMethod = properties.Text(PropertyId.AuthenticationMethod),
            AuthenticationData = properties.Binary(PropertyId.AuthenticationData),
            UserProperties = properties.UserProperties(),
        };
        return null;
    }

    private static ProtocolError? ReadVersion(scoped ref SpanReader reader, out ProtocolVersion version, out bool isBridge)
    {
        version = default;
        isBridge = false;
        if (!reader.TryReadBinary(out var name)) return ProtocolErrors.Truncated;
        var isOld = name.SequenceEqual("MQIsdp"u8);
        if (!isOld && !name.SequenceEqual("MQTT"u8)) return ProtocolErrors.ProtocolName; // [MQTT-3.1.2-1]
        if (!reader.TryReadByte(out var level)) return ProtocolErrors.Truncated;
        version = (ProtocolVersion)level;
        if (!isOld && version == ProtocolVersion.V50) return null;
        isBridge = (level & ConnectFlags.Bridge) != 0;
        version = (ProtocolVersion)(level & ~ConnectFlags.Bridge);
        return version == (isOld ? ProtocolVersion.V31 : ProtocolVersion.V311) ? null : ProtocolErrors.ProtocolLevel; // [MQTT-3.1.2-2]
    }

    private static ProtocolError? CheckConnectFlags(byte flags, ProtocolVersion version)
    {
        // 3.1 calls the bit unused, and says nothing of its value.
        if ((flags & ConnectFlags.Reserved) != 0 && version != ProtocolVersion.V31) return ProtocolErrors.ConnectReservedFlag; // [MQTT-3.1.2-3]
        if ((flags & ConnectFlags.WillQos) == ConnectFlags.WillQos) return ProtocolErrors.WillQosThree; // [MQTT-3.1.2-12]
        if ((flags & ConnectFlags.Will) == 0 && (flags & (ConnectFlags.WillQos | ConnectFlags.WillRetain)) != 0)
            return ProtocolErrors.WillFlagsWithoutWill; // [MQTT-3.1.2-11], [MQTT-3.1.2-13]
        const int both = ConnectFlags.UserName | ConnectFlags.Password;
        return version != ProtocolVersion.V50 && (flags & both) == ConnectFlags.Password
            ? ProtocolErrors.PasswordWithoutUserName // [MQTT-3.1.2-22] of 3.1.1
            : null;
    }

    /// <summary>The will as it stands in the payload.</summary>
    private ref struct WillFields
    {
        private ReadOnlySpan<byte> _section;
        private ReadOnlySpan<byte> _topic;
        private ReadOnlySpan<byte> _payload;
        private PropertySet _properties;

        internal ProtocolError? Read(scoped ref SpanReader reader, ProtocolVersion version)
        {
            if (version == ProtocolVersion.V50)
            {
                if (!reader.TryReadSection(out _section)) return ProtocolErrors.PropertyLength;
                if (PropertySet.TryRead(_section, PropertyLocation.Will, out _properties) is { } error) return error;
            }

            if (!reader.TryReadText(out _topic)) return ProtocolErrors.Text; // [MQTT-3.1.3-11]
            if (_topic.IsEmpty || _topic.ContainsAny((byte)'+', (byte)'#')) return ProtocolErrors.WillTopic; // [MQTT-4.7.0-1], [MQTT-4.7.3-1]
            return reader.TryReadBinary(out _payload) ? null : ProtocolErrors.Truncated;
        }

        internal readonly Will Build(byte flags) => new()
        {
            Topic = Utf8Text.Decode(_topic),
            Payload = _payload.ToArray(),
            QoS = (QualityOfService)((flags & ConnectFlags.WillQos) >> ConnectFlags.WillQosShift),
            Retain = (flags & ConnectFlags.WillRetain) != 0,
            DelayInterval = _properties.UInt32(PropertyId.WillDelayInterval) ?? 0,
            MessageExpiryInterval = _properties.UInt32(PropertyId.MessageExpiryInterval),
            ForwardedProperties = ForwardedProperties(),
        };

        private readonly byte[] ForwardedProperties()
        {
            var cut = _properties.Has(PropertyId.WillDelayInterval) ? 1 + sizeof(uint) : 0;
            if (_properties.Has(PropertyId.MessageExpiryInterval)) cut += 1 + sizeof(uint);
            if (_section.Length == cut) return [];
            var forwarded = new byte[_section.Length - cut];
            ForwardedSection.Copy(_section, forwarded);
            return forwarded;
        }
    }
}

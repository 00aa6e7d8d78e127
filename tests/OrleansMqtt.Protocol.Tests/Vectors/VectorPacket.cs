using System.Text.Json;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Vectors;

/// <summary>Turns the JavaScript object of a vector into a packet. Throws if a value does not fit our types.</summary>
internal static class VectorPacket
{
    internal static Packet Create(JsonElement json, ProtocolVersion version)
    {
        var properties = json.TryGetProperty("properties", out var section) ? section : default;
        return json.GetProperty("cmd").GetString() switch
        {
            "connect" => Connect(json, properties),
            "connack" => ConnAck(json, properties, version),
            "publish" => Publish(json, properties),
            "puback" => Acknowledgement(PacketType.PubAck, json, properties),
            "pubrec" => Acknowledgement(PacketType.PubRec, json, properties),
            "pubrel" => Acknowledgement(PacketType.PubRel, json, properties),
            "pubcomp" => Acknowledgement(PacketType.PubComp, json, properties),
            "subscribe" => new SubscribePacket
            {
                PacketId = Id(json),
                SubscriptionIdentifier = properties.UInt32("subscriptionIdentifier"),
                UserProperties = properties.UserProperties(),
                Subscriptions = [.. json.GetProperty("subscriptions").EnumerateArray().Select(Subscription)],
            },
            "suback" => new SubAckPacket
            {
                PacketId = Id(json), ReasonCodes = Granted(json), ReasonString = properties.Text("reasonString"), UserProperties = properties.UserProperties(),
            },
            "unsubscribe" => new UnsubscribePacket
            {
                PacketId = Id(json),
                UserProperties = properties.UserProperties(),
                Filters = [.. json.GetProperty("unsubscriptions").EnumerateArray().Select(filter => filter.GetString()!)],
            },
            "unsuback" => new UnsubAckPacket
            {
                PacketId = Id(json), ReasonCodes = Granted(json), ReasonString = properties.Text("reasonString"), UserProperties = properties.UserProperties(),
            },
            "pingreq" => PingReqPacket.Instance,
            "pingresp" => PingRespPacket.Instance,
            "disconnect" => new DisconnectPacket
            {
                ReasonCode = Reason(json),
                SessionExpiryInterval = properties.UInt32("sessionExpiryInterval"),
                ReasonString = properties.Text("reasonString"),
                ServerReference = properties.Text("serverReference"),
                UserProperties = properties.UserProperties(),
            },
            "auth" => new AuthPacket
            {
                ReasonCode = Reason(json),
                AuthenticationMethod = properties.Text("authenticationMethod"),
                AuthenticationData = properties.Bytes("authenticationData"),
                ReasonString = properties.Text("reasonString"),
                UserProperties = properties.UserProperties(),
            },
            var command => throw new FormatException($"There is no packet '{command}'."),
        };
    }

    private static ConnectPacket Connect(JsonElement json, JsonElement properties)
    {
        // What the vector leaves out is what mqtt-packet supplies: protocol MQTT, level 4, clean, no keep alive.
        var level = json.Optional("protocolVersion")?.GetByte() ?? 4;
        var expectedName = level == 3 ? "MQIsdp" : "MQTT";
        if ((json.Text("protocolId") ?? "MQTT") != expectedName || level is < 3 or > 5) throw new FormatException("No such protocol.");
        return new ConnectPacket
        {
            Version = (ProtocolVersion)level,
            IsBridge = json.Boolean("bridgeMode") ?? false,
            CleanStart = json.Boolean("clean") ?? true,
            KeepAlive = json.UInt16("keepalive") ?? 0,
            ClientId = json.Text("clientId") ?? "",
            UserName = json.Text("username"),
            Password = json.Bytes("password"),
            Will = json.Optional("will") is { } will ? Will(will) : null,
            SessionExpiryInterval = properties.UInt32("sessionExpiryInterval"),
            ReceiveMaximum = properties.UInt16("receiveMaximum"),
            MaximumPacketSize = properties.UInt32("maximumPacketSize"),
            TopicAliasMaximum = properties.UInt16("topicAliasMaximum"),
            RequestResponseInformation = properties.Boolean("requestResponseInformation"),
            RequestProblemInformation = properties.Boolean("requestProblemInformation"),
            AuthenticationMethod = properties.Text("authenticationMethod"),
            AuthenticationData = properties.Bytes("authenticationData"),
            UserProperties = properties.UserProperties(),
        };
    }

    private static Will Will(JsonElement json)
    {
        var properties = json.TryGetProperty("properties", out var section) ? section : default;
        return new Will
        {
            Topic = json.GetProperty("topic").GetString()!,
            Payload = json.Bytes("payload")!.Value,
            QoS = (QualityOfService)json.GetProperty("qos").GetByte(),
            Retain = json.GetProperty("retain").GetBoolean(),
            DelayInterval = properties.UInt32("willDelayInterval") ?? 0,
            MessageExpiryInterval = properties.UInt32("messageExpiryInterval"),
            ForwardedProperties = MessageProperties.Encode(
                properties.Boolean("payloadFormatIndicator"), properties.Text("contentType"), properties.Text("responseTopic"),
                properties.Bytes("correlationData"), properties.UserProperties()),
        };
    }

    private static ConnAckPacket ConnAck(JsonElement json, JsonElement properties, ProtocolVersion version) => new()
    {
        SessionPresent = json.GetProperty("sessionPresent").GetBoolean(),
        ReasonCode = version == ProtocolVersion.V50
            ? Reason(json)
            : ReasonCodes.FromConnectReturnCode((ConnectReturnCode)json.GetProperty("returnCode").GetByte()),
        SessionExpiryInterval = properties.UInt32("sessionExpiryInterval"),
        ReceiveMaximum = properties.UInt16("receiveMaximum"),
        MaximumQoS = (QualityOfService?)properties.UInt32("maximumQoS"),
        RetainAvailable = properties.Boolean("retainAvailable"),
        MaximumPacketSize = properties.UInt32("maximumPacketSize"),
        AssignedClientIdentifier = properties.Text("assignedClientIdentifier"),
        TopicAliasMaximum = properties.UInt16("topicAliasMaximum"),
        ReasonString = properties.Text("reasonString"),
        UserProperties = properties.UserProperties(),
        WildcardSubscriptionAvailable = properties.Boolean("wildcardSubscriptionAvailable"),
        SubscriptionIdentifiersAvailable = properties.Boolean("subscriptionIdentifiersAvailable"),
        SharedSubscriptionAvailable = properties.Boolean("sharedSubscriptionAvailable"),
        ServerKeepAlive = properties.UInt16("serverKeepAlive"),
        ResponseInformation = properties.Text("responseInformation"),
        ServerReference = properties.Text("serverReference"),
        AuthenticationMethod = properties.Text("authenticationMethod"),
        AuthenticationData = properties.Bytes("authenticationData"),
    };

    private static PublishPacket Publish(JsonElement json, JsonElement properties) => new()
    {
        Topic = json.GetProperty("topic").GetString()!,
        Payload = json.Bytes("payload") ?? default,
        QoS = (QualityOfService)json.GetProperty("qos").GetByte(),
        Retain = json.Boolean("retain") ?? false,
        Duplicate = json.Boolean("dup") ?? false,
        PacketId = json.UInt16("messageId") ?? 0,
        PayloadFormatIndicator = properties.Boolean("payloadFormatIndicator"),
        MessageExpiryInterval = properties.UInt32("messageExpiryInterval"),
        TopicAlias = properties.UInt16("topicAlias"),
        ResponseTopic = properties.Text("responseTopic"),
        CorrelationData = properties.Bytes("correlationData"),
        UserProperties = properties.UserProperties(),
        SubscriptionIdentifiers = properties.UInt32s("subscriptionIdentifier"),
        ContentType = properties.Text("contentType"),
    };

    private static AcknowledgementPacket Acknowledgement(PacketType type, JsonElement json, JsonElement properties) => new(type)
    {
        PacketId = Id(json), ReasonCode = Reason(json), ReasonString = properties.Text("reasonString"), UserProperties = properties.UserProperties(),
    };

    private static Subscription Subscription(JsonElement json) => new()
    {
        Filter = json.GetProperty("topic").GetString()!,
        MaximumQoS = (QualityOfService)json.GetProperty("qos").GetByte(),
        NoLocal = json.Boolean("nl") ?? false,
        RetainAsPublished = json.Boolean("rap") ?? false,
        RetainHandling = (RetainHandling)(json.Optional("rh")?.GetByte() ?? 0),
    };

    private static ushort Id(JsonElement json) => json.GetProperty("messageId").GetUInt16();

    private static ReasonCode Reason(JsonElement json) => (ReasonCode)(json.Optional("reasonCode")?.GetByte() ?? 0);

    private static ReasonCode[] Granted(JsonElement json) =>
        json.Optional("granted") is { } granted ? [.. granted.EnumerateArray().Select(code => (ReasonCode)code.GetByte())] : [];
}

using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Benchmarks.Codec;

/// <summary>Packets as clients send them, encoded.</summary>
internal static class SamplePackets
{
    private const string Topic = "site/7/device/42/temperature/value";

    /// <summary>PUBLISH of a small reading to a 3.1.1 server: QoS 0, 64 bytes of payload.</summary>
    public static byte[] SmallPublish { get; } = PacketEncoder.Encode(new PublishPacket { Topic = Topic, Payload = new byte[64] }, ProtocolVersion.V311);

    /// <summary>PUBLISH with what 5.0 applications put into it: QoS 1, 256 bytes of payload, six properties, one of which (the expiry) is not
    /// passed on as it came.</summary>
    public static byte[] RichPublish { get; } = PacketEncoder.Encode(
        new PublishPacket
        {
            Topic = Topic,
            Payload = new byte[256],
            QoS = QualityOfService.AtLeastOnce,
            PacketId = 7,
            PayloadFormatIndicator = true,
            MessageExpiryInterval = 3_600,
            ResponseTopic = "site/7/device/42/answers",
            CorrelationData = new byte[16],
            ContentType = "application/json",
            UserProperties = [new UserProperty("trace", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")],
        },
        ProtocolVersion.V50);

    /// <summary>SUBSCRIBE to three filters.</summary>
    public static byte[] Subscribe { get; } = PacketEncoder.Encode(
        new SubscribePacket
        {
            PacketId = 1,
            SubscriptionIdentifier = 5,
            Subscriptions =
            [
                new Subscription { Filter = "site/7/device/42/temperature/value", MaximumQoS = QualityOfService.AtLeastOnce },
                new Subscription { Filter = "site/7/device/+/temperature/#" },
                new Subscription { Filter = "$share/workers/site/+/device/#", MaximumQoS = QualityOfService.ExactlyOnce },
            ],
        },
        ProtocolVersion.V50);

    /// <summary>CONNECT with a user name, a will and the usual properties.</summary>
    public static byte[] Connect { get; } = PacketEncoder.Encode(
        new ConnectPacket
        {
            ClientId = "site-7-device-42",
            CleanStart = true,
            KeepAlive = 60,
            UserName = "device",
            Password = "password"u8.ToArray(),
            SessionExpiryInterval = 3_600,
            ReceiveMaximum = 100,
            TopicAliasMaximum = 16,
            Will = new Will { Topic = "site/7/device/42/online", Payload = "no"u8.ToArray(), QoS = QualityOfService.AtLeastOnce, Retain = true },
        },
        ProtocolVersion.V50);

    /// <summary>The same packet again and again, in one buffer.</summary>
    public static byte[] Repeat(byte[] packet, int count) => [.. Enumerable.Repeat(packet, count).SelectMany(static bytes => bytes)];
}

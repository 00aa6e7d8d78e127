using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>What a gateway allows its clients. Each has its unit in the name.</summary>
public sealed record GatewayLimits
{
    internal const int LongestTopic = 65_535;

    /// <summary>Largest packet accepted, bytes, 64 to 268,435,460; announced as Maximum Packet Size when below the protocol's own limit.</summary>
    public uint MaxPacketBytes { get; init; } = 268_435_460;

    /// <summary>Largest packet accepted before the client is connected, bytes, 64 to 268,435,460.</summary>
    public uint MaxConnectPacketBytes { get; init; } = 65_536;

    /// <summary>QoS 1 and 2 messages that a client may have unacknowledged, 1 to 65,535 [MQTT-3.2.2.3.3]. A 3.x client that sends more is read no further until some are acknowledged.</summary>
    public ushort ReceiveMaximum { get; init; } = 1000;

    /// <summary>Highest topic alias that clients may use, 0 to 65,535.</summary>
    public ushort TopicAliasMaximum { get; init; } = 32;

    /// <summary>Topic aliases that the broker uses towards one client, 0 to 65,535; the client's own maximum bounds it as well.</summary>
    public ushort MaxOutboundTopicAliases { get; init; } = 32;

    /// <summary>Seconds within which CONNECT must come, 1 to 3,600.</summary>
    public int ConnectTimeoutSeconds { get; init; } = 10;

    /// <summary>Longest keep alive granted, seconds, 0 to 65,535; a longer wish, or none, is answered with Server Keep Alive. 0: as the client wishes. 3.x clients can't be told and keep theirs.</summary>
    public ushort MaxKeepAliveSeconds { get; init; }

    /// <summary>Most clients connected at once; at least 1. Further ones get 0x89 Server busy.</summary>
    public int MaxConnections { get; init; } = 1_000_000;

    /// <summary>CONNECTs admitted a second, 0 to 1,000,000; 0: any number. More wait in order; who is not admitted within <see cref="ConnectTimeoutSeconds"/> gets 0x9F Connection rate exceeded.</summary>
    public int MaxConnectsPerSecond { get; init; } = 10_000;

    /// <summary>CONNECTs admitted without waiting after a quiet time, 1 to 1,000,000.</summary>
    public int ConnectBurst { get; init; } = 20_000;

    /// <summary>
    /// Most connections from one address, 0 to 2,147,483,647; 0: any number. Further ones get 0x9F Connection rate exceeded. Of IPv6 the network of 64 bits counts; behind a load balancer the
    /// address that it names.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; }

    /// <summary>Most connections that have not sent CONNECT, 1 to 2,147,483,647; where one more comes, the oldest is closed.</summary>
    public int MaxHalfOpenConnections { get; init; } = 10_000;

    /// <summary>Seconds beyond one and a half times the keep alive before a silent client is closed, 0 to 65,535.</summary>
    public ushort KeepAliveGraceSeconds { get; init; }

    /// <summary>Most subscriptions of one client, 0 to 2,147,483,647; 0: any number. Further ones get 0x97 Quota exceeded.</summary>
    public int MaxSubscriptionsPerClient { get; init; }

    /// <summary>Most subscriptions that one client makes in a minute, new and repeated ones, 0 to 2,147,483,647; 0: any number. Further ones get 0x97 Quota exceeded.</summary>
    public int MaxSubscriptionsPerMinute { get; init; }

    /// <summary>Longest topic name and topic filter, bytes, 1 to 65,535. A longer name gets 0x90 Topic Name invalid, a longer filter 0x8F Topic Filter invalid.</summary>
    public int MaxTopicBytes { get; init; } = LongestTopic;

    /// <summary>Most levels of a topic name or topic filter, 0 to 65,536; 0: any number. What has more is refused as what is too long.</summary>
    public int MaxTopicLevels { get; init; }

    /// <summary>Highest quality of service that clients may publish with, and that subscriptions are granted; announced as Maximum QoS [MQTT-3.2.2-9]. Who publishes with a higher one is disconnected with 0x9B.</summary>
    public QualityOfService MaxQoS { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether messages may be retained. Who publishes one with RETAIN where not is disconnected with 0x9A Retain not supported [MQTT-3.2.2-14].</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Whether topic filters may have wildcards. A 5.0 client that subscribes with one where not is disconnected with 0xA2.</summary>
    public bool WildcardSubscriptionsAvailable { get; init; } = true;

    /// <summary>Whether subscriptions may be shared. A 5.0 client that makes one where not is disconnected with 0x9E.</summary>
    public bool SharedSubscriptionsAvailable { get; init; } = true;

    /// <summary>
    /// Memory in bytes that the process may use, 0 to 9,223,372,036,854,775,807; 0: four fifths of what the machine or container has for it. From 85 % on new clients are refused with 0x89 Server busy, from 95 % on the
    /// slowest receivers are disconnected with 0x97 Quota exceeded.
    /// </summary>
    public long MaxMemoryBytes { get; init; }

    /// <summary>Bytes that may wait for one client's socket before QoS 0 messages are dropped and QoS 1 and 2 wait in its queue; at least 1,024.</summary>
    public int MaxOutboxBytes { get; init; } = 4 << 20;

    /// <summary>Bounds of the queues of sessions.</summary>
    public SessionLimits Session { get; init; } = new();

    /// <summary>How much clients and users may send and get in a second.</summary>
    public RateLimits Rates { get; init; } = new();

    /// <summary>Bounds of what is retained. Those of all messages together hold in silos.</summary>
    public RetainedLimits Retained { get; init; } = new();
}

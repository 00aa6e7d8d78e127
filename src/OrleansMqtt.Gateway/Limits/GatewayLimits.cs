using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>What a gateway allows its clients. Each has its unit in the name.</summary>
public sealed record GatewayLimits
{
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

    /// <summary>Bytes that may wait for one client's socket before QoS 0 messages are dropped and QoS 1 and 2 wait in its queue; at least 1,024.</summary>
    public int MaxOutboxBytes { get; init; } = 4 << 20;

    /// <summary>Bounds of the queues of sessions.</summary>
    public SessionLimits Session { get; init; } = new();
}

namespace OrleansMqtt.Protocol.Connections;

/// <summary>What the server allows on one connection. Values that CONNACK announces are taken from here by the owner as well.</summary>
public sealed record ServerConnectionOptions
{
    /// <summary>Largest packet accepted before CONNECT has been answered, in bytes, header included. Bounds what an unknown peer can make us buffer.</summary>
    public uint MaximumConnectPacketSize { get; init; } = 65_536;

    /// <summary>Largest packet accepted afterwards, in bytes, header included; announced in CONNACK when it is below the protocol's own limit.</summary>
    public uint MaximumPacketSize { get; init; } = 268_435_460;

    /// <summary>How many QoS 1 and 2 messages the client may have unacknowledged, 1 to 65,535 [MQTT-3.3.4-9].</summary>
    public ushort ReceiveMaximum { get; init; } = 1000;

    /// <summary>Highest topic alias the client may use, 0 to 65,535; 0 allows none.</summary>
    public ushort TopicAliasMaximum { get; init; } = 32;

    /// <summary>Whether the breaches listed in <see cref="Tolerance"/> are let pass and counted, or end the connection.</summary>
    public bool Tolerant { get; init; }
}

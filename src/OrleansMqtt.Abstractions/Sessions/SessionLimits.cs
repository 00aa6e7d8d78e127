namespace OrleansMqtt.Sessions;

/// <summary>What happens to a message for a session whose queue is full.</summary>
public enum QueueFullPolicy
{
    /// <summary>The new message is dropped.</summary>
    DropNewest,

    /// <summary>The oldest message that is not in flight is dropped.</summary>
    DropOldest,

    /// <summary>The client is disconnected with 0x97 Quota exceeded and the new message dropped.</summary>
    Disconnect,
}

/// <summary>Bounds of what is kept for one session.</summary>
public sealed record SessionLimits
{
    /// <summary>Most QoS 1 and 2 messages waiting for one client, in flight ones included; at least 1.</summary>
    public int MaxQueuedMessages { get; init; } = 100_000;

    /// <summary>Most bytes of such messages; at least 1. A single larger message is still accepted when nothing else waits.</summary>
    public long MaxQueuedBytes { get; init; } = 256L << 20;

    /// <summary>What happens beyond.</summary>
    public QueueFullPolicy WhenFull { get; init; }

    /// <summary>Most QoS 1 and 2 messages in flight to one client, 1 to 65,535; its own Receive Maximum may be lower.</summary>
    public int MaxInflightMessages { get; init; } = 1000;

    /// <summary>Most bytes in flight to one persistent session's client; one message is always allowed.</summary>
    public long MaxInflightBytes { get; init; } = 16L << 20;

    /// <summary>Longest session expiry granted, seconds; a longer wish is cut and CONNACK says so [MQTT-3.2.2-21].</summary>
    public uint MaxSessionExpirySeconds { get; init; } = uint.MaxValue;
}

namespace OrleansMqtt.Diagnostics;

/// <summary>Why a copy of a message did not reach its subscriber.</summary>
public enum DropReason
{
    /// <summary>A QoS 0 message for a client whose socket takes bytes too slowly.</summary>
    SlowConsumer,

    /// <summary>A QoS 1 or 2 message for a session whose queue is full.</summary>
    QueueFull,

    /// <summary>The message expired while it waited [MQTT-3.3.2-5].</summary>
    Expired,

    /// <summary>The packet would be larger than the client accepts [MQTT-3.1.2-25].</summary>
    PacketTooLarge,

    /// <summary>The session ended while the message waited.</summary>
    SessionEnded,

    /// <summary>No member of the shared group could take it.</summary>
    NoSharedMember,

    /// <summary>The client may not have messages of the topic.</summary>
    NotAuthorized,
}

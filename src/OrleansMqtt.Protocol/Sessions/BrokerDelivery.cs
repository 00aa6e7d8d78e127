namespace OrleansMqtt.Protocol.Sessions;

/// <summary>What became of a message that was to be delivered to a session.</summary>
public enum BrokerDelivery
{
    /// <summary>No subscription of the session matches.</summary>
    NotSubscribed,

    /// <summary>Only subscriptions with no local match, and the client published it itself [MQTT-3.8.3-3].</summary>
    NoLocal,

    /// <summary>It is in the client's outbound data.</summary>
    Sent,

    /// <summary>QoS 1 or 2: it waits for the client's receive maximum, or for the client.</summary>
    Queued,

    /// <summary>QoS 0 to a client that is away, larger than the client takes [MQTT-3.1.2-25], or the session's queue is full.</summary>
    Dropped,
}

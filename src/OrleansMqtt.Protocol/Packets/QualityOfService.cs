namespace OrleansMqtt.Protocol.Packets;

/// <summary>Delivery guarantee of a message (MQTT 5.0 section 4.3).</summary>
public enum QualityOfService : byte
{
    /// <summary>QoS 0: the message arrives once or not at all.</summary>
    AtMostOnce,

    /// <summary>QoS 1: the message arrives at least once.</summary>
    AtLeastOnce,

    /// <summary>QoS 2: the message arrives exactly once.</summary>
    ExactlyOnce,
}

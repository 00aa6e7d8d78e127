namespace OrleansMqtt.Protocol.Connections;

/// <summary>The few breaches of the specification that a tolerant listener lets pass, because real clients commit them. Each one is counted.</summary>
public enum Tolerance
{
    /// <summary>More unacknowledged QoS 1 and 2 messages than the server's Receive Maximum allows [MQTT-3.3.4-9].</summary>
    ReceiveMaximumExceeded,

    /// <summary>DUP set on a QoS 0 PUBLISH [MQTT-3.3.1-2]; read as not set.</summary>
    DuplicateFlagAtQosZero,

    /// <summary>A 3.1 client identifier over 23 bytes.</summary>
    LongClientIdentifier,
}

namespace OrleansMqtt.Protocol.Connections;

/// <summary>What the sender of a QoS 1 or 2 message waits for.</summary>
public enum InflightState : byte
{
    /// <summary>No message stands under this identifier.</summary>
    Free,

    /// <summary>QoS 1 sent, PUBACK awaited.</summary>
    AwaitingPubAck,

    /// <summary>QoS 2 sent, PUBREC awaited.</summary>
    AwaitingPubRec,

    /// <summary>PUBREL sent, PUBCOMP awaited.</summary>
    AwaitingPubComp,
}

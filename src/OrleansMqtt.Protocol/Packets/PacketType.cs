namespace OrleansMqtt.Protocol.Packets;

/// <summary>The control packet type, bits 7 to 4 of a packet's first byte (MQTT 5.0 section 2.1.2).</summary>
public enum PacketType : byte
{
    /// <summary>Client to server: connection request.</summary>
    Connect = 1,

    /// <summary>Server to client: connect acknowledgement.</summary>
    ConnAck,

    /// <summary>Either way: an application message.</summary>
    Publish,

    /// <summary>Either way: publish acknowledgement (QoS 1).</summary>
    PubAck,

    /// <summary>Either way: publish received (QoS 2, second packet of the exchange).</summary>
    PubRec,

    /// <summary>Either way: publish release (QoS 2, third packet).</summary>
    PubRel,

    /// <summary>Either way: publish complete (QoS 2, fourth packet).</summary>
    PubComp,

    /// <summary>Client to server: subscribe request.</summary>
    Subscribe,

    /// <summary>Server to client: subscribe acknowledgement.</summary>
    SubAck,

    /// <summary>Client to server: unsubscribe request.</summary>
    Unsubscribe,

    /// <summary>Server to client: unsubscribe acknowledgement.</summary>
    UnsubAck,

    /// <summary>Client to server: ping request.</summary>
    PingReq,

    /// <summary>Server to client: ping response.</summary>
    PingResp,

    /// <summary>Client to server, and in 5.0 either way: disconnect notification.</summary>
    Disconnect,

    /// <summary>Either way, 5.0 only: authentication exchange.</summary>
    Auth,
}

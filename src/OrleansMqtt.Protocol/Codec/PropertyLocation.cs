using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Where a property section stands: a packet type, with the same value as in <see cref="PacketType"/>, or the will in
/// CONNECT.</summary>
public enum PropertyLocation
{
    /// <summary>Will properties in the payload of CONNECT.</summary>
    Will = 0,

    /// <summary>CONNECT.</summary>
    Connect = PacketType.Connect,

    /// <summary>CONNACK.</summary>
    ConnAck = PacketType.ConnAck,

    /// <summary>PUBLISH.</summary>
    Publish = PacketType.Publish,

    /// <summary>PUBACK.</summary>
    PubAck = PacketType.PubAck,

    /// <summary>PUBREC.</summary>
    PubRec = PacketType.PubRec,

    /// <summary>PUBREL.</summary>
    PubRel = PacketType.PubRel,

    /// <summary>PUBCOMP.</summary>
    PubComp = PacketType.PubComp,

    /// <summary>SUBSCRIBE.</summary>
    Subscribe = PacketType.Subscribe,

    /// <summary>SUBACK.</summary>
    SubAck = PacketType.SubAck,

    /// <summary>UNSUBSCRIBE.</summary>
    Unsubscribe = PacketType.Unsubscribe,

    /// <summary>UNSUBACK.</summary>
    UnsubAck = PacketType.UnsubAck,

    /// <summary>DISCONNECT.</summary>
    Disconnect = PacketType.Disconnect,

    /// <summary>AUTH.</summary>
    Auth = PacketType.Auth,
}

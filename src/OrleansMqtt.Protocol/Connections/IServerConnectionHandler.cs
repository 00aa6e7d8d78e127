using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// What a <see cref="ServerConnection"/> tells its owner while it reads. Calls come on the thread that calls
/// <see cref="ServerConnection.Receive"/>, one at a time, in the order of the packets. A call that returns an error ends the connection with it.
/// </summary>
public interface IServerConnectionHandler
{
    /// <summary>The first packet. Reading pauses until <see cref="ServerConnection.Accept"/>.</summary>
    ProtocolError? OnConnect(ConnectPacket packet);

    /// <summary>An application message. Spans in <paramref name="publish"/> are valid only during the call; a topic alias is already resolved.</summary>
    ProtocolError? OnPublish(in PublishFrame publish);

    /// <summary>The client has acknowledged (PUBACK, PUBREC, PUBCOMP) a message that the server sent.</summary>
    ProtocolError? OnAcknowledgement(PacketType type, ushort packetId, ReasonCode reason);

    /// <summary>The client releases (PUBREL) a QoS 2 message that it sent.</summary>
    ProtocolError? OnRelease(ushort packetId, ReasonCode reason);

    /// <summary>SUBSCRIBE; its filters are well-formed UTF-8, each still to be checked for validity as a filter.</summary>
    ProtocolError? OnSubscribe(SubscribePacket packet);

    /// <summary>UNSUBSCRIBE.</summary>
    ProtocolError? OnUnsubscribe(UnsubscribePacket packet);

    /// <summary>PINGREQ; the server must answer [MQTT-3.12.4-1].</summary>
    void OnPing();

    /// <summary>AUTH, during the handshake or as re-authentication.</summary>
    ProtocolError? OnAuthenticate(AuthPacket packet);

    /// <summary>DISCONNECT. The machine reads no further.</summary>
    ProtocolError? OnDisconnect(DisconnectPacket packet);

    /// <summary>Something the specification forbids was let through because the connection is tolerant.</summary>
    void OnTolerated(Tolerance tolerance);
}

using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <content>What the server's packets do.</content>
public sealed partial class ClientConnection
{
    private ProtocolError? Receive(Packet packet)
    {
        if (State == ClientConnectionState.Connecting)
        {
            return packet switch
            {
                ConnAckPacket connAck => ReceiveConnAck(connAck),
                AuthPacket auth => ReceiveAuth(auth),
                _ => Violation("A packet came before CONNACK."), // [MQTT-3.2.0-1]
            };
        }

        switch (packet)
        {
            case PublishPacket publish:
                return ReceivePublish(publish);
            case AcknowledgementPacket { Type: PacketType.PubRel } release:
                ReceiveRelease(release);
                return null;
            case AcknowledgementPacket acknowledgement:
                return ReceiveAcknowledgement(acknowledgement);
            case SubAckPacket subAck:
                return ReceiveSubAck(subAck);
            case UnsubAckPacket unsubAck:
                return ReceiveUnsubAck(unsubAck);
            case PingRespPacket:
                _events.Add(new ClientPingResponse());
                return null;
            case AuthPacket auth:
                return ReceiveAuth(auth);
            case DisconnectPacket disconnect when Version == ProtocolVersion.V50:
                _events.Add(new ClientDisconnected(disconnect, null, Close()));
                return null;
            default:
                return Violation("A server does not send this packet, or not twice.");
        }
    }

    private ProtocolError? ReceiveConnAck(ConnAckPacket packet)
    {
        if (packet.ReasonCode.IsFailure())
        {
            Close();
            _events.Add(new ClientConnectFailed(packet.ReasonCode, packet));
            return null;
        }

        if (_connect.CleanStart && packet.SessionPresent) // [MQTT-3.2.2-2]
        {
            return Violation("A session is present after a clean start.");
        }

        State = ClientConnectionState.Connected;
        ClientId = packet.AssignedClientIdentifier ?? ClientId;
        Capabilities = ClientCapabilities.Of(_connect, packet);
        _aliases.Reset(Capabilities.TopicAliasMaximum, _connect.TopicAliasMaximum ?? 0);

        // The CONNACK of 3.1 does not tell; that its server keeps the session then is the assumption that loses no message.
        var isPresent = Version == ProtocolVersion.V31 ? !_connect.CleanStart : packet.SessionPresent;
        _events.Add(new ClientConnected(packet, isPresent));
        if (!isPresent)
        {
            LoseSession(); // [MQTT-3.2.2-5]
        }

        foreach (var packetId in _inflight.Resume(Capabilities.ReceiveMaximum))
        {
            Write(PacketType.PubRel, packetId);
        }

        SendInflight();
        return null;
    }

    private void LoseSession()
    {
        _received.Clear();
        _subscriptions.ForgetGrants();
        foreach (var message in _inflight.Discard())
        {
            _events.Add(new ClientPublishFailed(message.Ticket, message.Message, null));
        }
    }

    private ProtocolError? ReceiveAuth(AuthPacket packet)
    {
        if (_connect.AuthenticationMethod is null || _connect.AuthenticationMethod != packet.AuthenticationMethod)
        {
            return Violation("AUTH without, or with another, authentication method than CONNECT."); // [MQTT-4.12.0-6], [MQTT-4.12.0-5]
        }

        _events.Add(new ClientAuthenticationRequested(packet));
        return null;
    }

    private ProtocolError? ReceivePublish(PublishPacket packet)
    {
        if (_aliases.Resolve(ref packet) is { } error)
        {
            return error;
        }

        switch (packet.QoS)
        {
            case QualityOfService.AtMostOnce:
                break;
            case QualityOfService.AtLeastOnce:
                Write(PacketType.PubAck, packet.PacketId); // [MQTT-4.3.2-4]
                break;
            case var _ when _received.Contains(packet.PacketId):
                Write(PacketType.PubRec, packet.PacketId); // Again, but the message is not [MQTT-4.3.3-10].
                return null;
            case var _ when _received.Count >= (_connect.ReceiveMaximum ?? ushort.MaxValue):
                return new(ReasonCode.ReceiveMaximumExceeded, "More messages are unacknowledged than the receive maximum allows.");
            default:
                _received.Add(packet.PacketId);
                Write(PacketType.PubRec, packet.PacketId); // [MQTT-4.3.3-8]
                break;
        }

        _events.Add(new ClientMessageReceived(packet));
        return null;
    }

    private void ReceiveRelease(AcknowledgementPacket packet) => Write(
        PacketType.PubComp, // [MQTT-4.3.3-11]
        packet.PacketId,
        _received.Remove(packet.PacketId) ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);

    private ProtocolError? ReceiveSubAck(SubAckPacket packet)
    {
        if (_subscriptions.Subscribed(packet) is not { } subscriptions)
        {
            return Violation("SUBACK does not fit a request.");
        }

        _identifiers.Release(packet.PacketId);
        _events.Add(new ClientSubscribed(packet.PacketId, subscriptions, packet.ReasonCodes));
        SendInflight();
        return null;
    }

    private ProtocolError? ReceiveUnsubAck(UnsubAckPacket packet)
    {
        if (_subscriptions.Unsubscribed(packet, Version) is not { } filters)
        {
            return Violation("UNSUBACK does not fit a request.");
        }

        _identifiers.Release(packet.PacketId);
        _events.Add(new ClientUnsubscribed(packet.PacketId, filters, packet.ReasonCodes));
        SendInflight();
        return null;
    }

    private void Write(PacketType type, ushort packetId, ReasonCode reason = ReasonCode.Success) =>
        _outbox.Write(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason }, Version);

    private static ProtocolError Violation(string description) => new(ReasonCode.ProtocolError, description);
}

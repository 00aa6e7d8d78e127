using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Sessions;

/// <content>What the client's packets do.</content>
public sealed partial class BrokerClientMachine
{
    /// <summary>Handles a packet; leaves it for the broker, or sets it to null if there is nothing left to decide.</summary>
    private ProtocolError? Receive(ref Packet? packet)
    {
        if (State == BrokerClientState.AwaitingConnect)
        {
            Connect = packet as ConnectPacket;
            State = BrokerClientState.Connecting;
            return Connect is null ? Violation("The first packet is not CONNECT.") : null;
        }

        if (State == BrokerClientState.Connecting && packet is not (AuthPacket or DisconnectPacket))
        {
            return Violation("Only AUTH may come before CONNACK while authentication goes on."); // [MQTT-3.1.2-30]
        }

        switch (packet)
        {
            case PublishPacket publish:
                var error = ReceivePublish(ref publish!);
                packet = publish;
                return error;
            case AcknowledgementPacket acknowledgement:
                packet = null;
                return ReceiveAcknowledgement(acknowledgement);
            case SubscribePacket subscribe:
                packet = IsNewRequest(subscribe.PacketId, PacketType.Subscribe, subscribe.Subscriptions.Count) ? packet : null;
                return null;
            case UnsubscribePacket unsubscribe:
                packet = IsNewRequest(unsubscribe.PacketId, PacketType.Unsubscribe, unsubscribe.Filters.Count) ? packet : null;
                return null;
            case PingReqPacket:
                packet = null;
                _outbox.Write(PingRespPacket.Instance, Version); // [MQTT-3.12.4-1]
                return null;
            case DisconnectPacket disconnect:
                return ReceiveDisconnect(disconnect);
            case AuthPacket auth when UsesAuthentication && auth.AuthenticationMethod == Connect!.AuthenticationMethod: // [MQTT-4.12.0-5]
                return null;
            default:
                return Violation("A client does not send this packet, or not twice."); // [MQTT-3.1.0-2]
        }
    }

    private ProtocolError? ReceivePublish(ref PublishPacket? packet)
    {
        if (packet!.SubscriptionIdentifiers.Count > 0) // [MQTT-3.3.4-6]
        {
            return Violation("A client may not send a subscription identifier in PUBLISH.");
        }

        if (_aliases.Resolve(ref packet) is { } error)
        {
            return error;
        }

        if (packet.QoS == QualityOfService.AtMostOnce)
        {
            return null;
        }

        var isExactlyOnce = packet.QoS == QualityOfService.ExactlyOnce;
        var acknowledgement = isExactlyOnce ? PacketType.PubRec : PacketType.PubAck;
        if (isExactlyOnce && Session.Received.Contains(packet.PacketId))
        {
            // The same message once more [MQTT-4.3.3-10]; or, without DUP, another one of a client that has forgotten the session.
            Write(acknowledgement, packet.PacketId, packet.Duplicate ? ReasonCode.Success : ReasonCode.PacketIdentifierInUse);
            packet = null;
            return null;
        }

        if (_unanswered.TryGetValue(packet.PacketId, out var other))
        {
            // A repetition gets the answer that the first one will get.
            if (!packet.Duplicate || other != acknowledgement)
            {
                Write(acknowledgement, packet.PacketId, ReasonCode.PacketIdentifierInUse);
            }

            packet = null;
            return null;
        }

        if (_unansweredPublishes + Session.Received.Count >= _receiveMaximum) // [MQTT-3.3.4-7]
        {
            return new(ReasonCode.ReceiveMaximumExceeded, "More messages are unacknowledged than the receive maximum allows.");
        }

        _unanswered.Add(packet.PacketId, acknowledgement);
        _unansweredPublishes++;
        return null;
    }

    private bool IsNewRequest(ushort packetId, PacketType type, int count)
    {
        if (_unanswered.TryAdd(packetId, type))
        {
            return true;
        }

        ReasonCode[] reasons = [.. Enumerable.Repeat(ReasonCode.PacketIdentifierInUse, count)];
        WriteAnswer(type, packetId, reasons);
        return false;
    }

    private ProtocolError? ReceiveAcknowledgement(AcknowledgementPacket packet)
    {
        if (packet.Type == PacketType.PubRel)
        {
            var isKnown = Session.Received.Remove(packet.PacketId);
            Write(PacketType.PubComp, packet.PacketId, isKnown ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
            return null;
        }

        switch (Session.Inflight.Acknowledge(packet, out _))
        {
            case ClientInflightStep.Violation:
                return Violation("The acknowledgement is not the one that the message waits for.");
            case ClientInflightStep.Release:
                Write(PacketType.PubRel, packet.PacketId, ReasonCode.Success);
                break;
            case ClientInflightStep.Unknown when packet.Type == PacketType.PubRec && !packet.ReasonCode.IsFailure():
                Write(PacketType.PubRel, packet.PacketId, ReasonCode.PacketIdentifierNotFound);
                break;
        }

        SendInflight();
        return null;
    }

    private ProtocolError? ReceiveDisconnect(DisconnectPacket packet)
    {
        if (packet.SessionExpiryInterval is > 0 && (Connect!.SessionExpiryInterval ?? 0) == 0)
        {
            return Violation("DISCONNECT sets a session expiry interval that CONNECT had as 0.");
        }

        Close();
        return null;
    }

    private static ProtocolError Violation(string description) => new(ReasonCode.ProtocolError, description);
}

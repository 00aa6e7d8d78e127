using System.Text;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Sessions;

/// <content>The broker's answers, and messages to the client.</content>
public sealed partial class BrokerClientMachine
{
    /// <summary>Answers SUBSCRIBE with one reason code per filter [MQTT-3.8.4-6].</summary>
    /// <exception cref="InvalidOperationException">No SUBSCRIBE with this identifier waits for an answer.</exception>
    public void AcknowledgeSubscribe(ushort packetId, IReadOnlyList<ReasonCode> reasonCodes) =>
        Answer(PacketType.Subscribe, packetId, reasonCodes);

    /// <summary>Answers UNSUBSCRIBE with one reason code per filter, none of which is sent before 5.0 [MQTT-3.10.4-6].</summary>
    /// <exception cref="InvalidOperationException">No UNSUBSCRIBE with this identifier waits for an answer.</exception>
    public void AcknowledgeUnsubscribe(ushort packetId, IReadOnlyList<ReasonCode> reasonCodes) =>
        Answer(PacketType.Unsubscribe, packetId, reasonCodes);

    /// <summary>Answers a QoS 1 or 2 PUBLISH. At QoS 2 the identifier is taken until PUBREL, unless the reason is a failure.</summary>
    /// <exception cref="InvalidOperationException">No PUBLISH with this identifier waits for an answer.</exception>
    public void AcknowledgePublish(ushort packetId, ReasonCode reason = ReasonCode.Success)
    {
        if (!_unanswered.TryGetValue(packetId, out var type) || type is not (PacketType.PubAck or PacketType.PubRec))
        {
            throw new InvalidOperationException("No PUBLISH with this identifier waits for an answer.");
        }

        _unanswered.Remove(packetId);
        _unansweredPublishes--;
        if (type == PacketType.PubRec && !reason.IsFailure())
        {
            Session.Received.Add(packetId); // Even if nobody hears the answer: the message has been taken [MQTT-4.3.3-10].
        }

        if (State == BrokerClientState.Connected)
        {
            Write(type, packetId, reason);
        }
    }

    /// <summary>Delivers a message according to the session's subscriptions, each of which is tried.</summary>
    /// <param name="source">The client that published it, for subscriptions with no local; null if none did.</param>
    /// <param name="packet">The message.</param>
    /// <exception cref="InvalidOperationException">The connection has not been accepted.</exception>
    public BrokerDelivery DeliverPublish(string? source, PublishPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var topic = Encoding.UTF8.GetBytes(packet.Topic);
        return Session.Deliver(source, packet, Session.Subscriptions.Values.Where(subscription => subscription.Matches(topic)));
    }

    /// <summary>Sends a step of enhanced authentication; the last one goes into CONNACK instead.</summary>
    /// <exception cref="InvalidOperationException">The client does not use enhanced authentication, or there is no connection.</exception>
    public void Authenticate(AuthPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (State is not (BrokerClientState.Connecting or BrokerClientState.Connected) || !UsesAuthentication)
        {
            throw new InvalidOperationException("There is no connection that uses enhanced authentication.");
        }

        _outbox.Write(packet, Version);
    }

    /// <summary>Whether the client takes a message of this size [MQTT-3.1.2-24].</summary>
    internal bool Fits(PublishPacket packet)
    {
        // Any identifier is as long as any other.
        var packetId = packet.QoS == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)1;
        return PacketEncoder.GetLength(packet.With(packet.QoS, packet.Retain, packetId), Version) <= _clientMaximumPacketSize;
    }

    internal void Send(PublishPacket packet) => _outbox.Write(packet, Version);

    /// <summary>Sends what the client's receive maximum allows [MQTT-3.3.4-9]; what is too large for it is as good as sent
    /// [MQTT-3.1.2-25].</summary>
    internal void SendInflight()
    {
        while (Session.Inflight.SendNext() is { } packet)
        {
            if (Fits(packet))
            {
                Send(packet);
            }
            else
            {
                Session.Inflight.Withdraw(packet.PacketId);
            }
        }
    }

    private void Answer(PacketType type, ushort packetId, IReadOnlyList<ReasonCode> reasonCodes)
    {
        ArgumentNullException.ThrowIfNull(reasonCodes);
        if (!_unanswered.TryGetValue(packetId, out var request) || request != type)
        {
            throw new InvalidOperationException("No such request with this identifier waits for an answer.");
        }

        _unanswered.Remove(packetId);
        if (State == BrokerClientState.Connected)
        {
            WriteAnswer(type, packetId, reasonCodes);
        }
    }

    private void WriteAnswer(PacketType request, ushort packetId, IReadOnlyList<ReasonCode> reasonCodes) => _outbox.Write(
        request == PacketType.Subscribe
            ? new SubAckPacket { PacketId = packetId, ReasonCodes = reasonCodes }
            : new UnsubAckPacket { PacketId = packetId, ReasonCodes = reasonCodes },
        Version);

    private void Write(PacketType type, ushort packetId, ReasonCode reason) =>
        _outbox.Write(new AcknowledgementPacket(type) { PacketId = packetId, ReasonCode = reason }, Version);
}

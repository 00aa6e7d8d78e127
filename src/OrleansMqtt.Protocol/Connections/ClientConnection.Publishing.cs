using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Connections;

/// <content>Publishing, and what acknowledgements do.</content>
public sealed partial class ClientConnection
{
    /// <summary>What an alias adds beside a topic: property identifier and two bytes, and maybe a longer length in front of each
    /// section.</summary>
    private const int AliasLength = 5;

    /// <summary>
    /// Publishes a message. QoS above the server's maximum is lowered. At QoS 1 and 2 it may have to wait for the receive maximum, and
    /// <see cref="ClientPublished"/> or <see cref="ClientPublishFailed"/> follows, maybe on a later connection.
    /// </summary>
    /// <param name="packet">The message; packet identifier, DUP and topic alias are the machine's business.</param>
    /// <returns>A ticket, or why the server would not take it: packet too large, retained messages not available.</returns>
    /// <exception cref="InvalidOperationException">Not connected.</exception>
    /// <exception cref="ArgumentException">The topic is not a valid name, or the packet cannot be encoded.</exception>
    public ClientPublishResult Publish(PublishPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        RequireConnected();
        if (!TopicName.IsValid(packet.Topic))
        {
            throw new ArgumentException("Not a valid topic name.", nameof(packet));
        }

        if (packet.TopicAlias is not null || packet.SubscriptionIdentifiers.Count > 0) // [MQTT-3.3.4-6]
        {
            throw new ArgumentException(
                "A client's message has no subscription identifiers, and its alias is chosen here.", nameof(packet));
        }

        var qos = packet.QoS < Capabilities.MaximumQoS ? packet.QoS : Capabilities.MaximumQoS;

        // The identifier is a stand-in, to measure with.
        var message = packet.With(qos, packet.Retain, qos == QualityOfService.AtMostOnce ? (ushort)0 : (ushort)1);
        if (Capabilities.Check(message, PacketEncoder.GetLength(message, Version)) is { } error)
        {
            return new(0, error);
        }

        if (qos == QualityOfService.AtMostOnce)
        {
            Write(message);
            return default;
        }

        var ticket = _inflight.Add(message);
        SendInflight();
        return new(ticket, null);
    }

    private ProtocolError? ReceiveAcknowledgement(AcknowledgementPacket packet)
    {
        switch (_inflight.Acknowledge(packet, out var message))
        {
            case ClientInflightStep.Violation:
                return Violation("The acknowledgement is not the one that the message waits for.");
            case ClientInflightStep.Release:
                Write(PacketType.PubRel, packet.PacketId); // [MQTT-4.3.3-4]
                break;
            case ClientInflightStep.Unknown when packet.Type == PacketType.PubRec && !packet.ReasonCode.IsFailure():
                Write(PacketType.PubRel, packet.PacketId, ReasonCode.PacketIdentifierNotFound);
                break;
            case ClientInflightStep.Finished when packet.ReasonCode.IsFailure() && packet.Type != PacketType.PubComp:
                _events.Add(new ClientPublishFailed(message!.Ticket, message.Message, packet.ReasonCode));
                break;
            case ClientInflightStep.Finished:
                // A PUBCOMP "not found" too: the server had the message, as PUBREC says, and has let go of the identifier.
                _events.Add(new ClientPublished(
                    message!.Ticket, packet.Type == PacketType.PubComp ? ReasonCode.Success : packet.ReasonCode));
                break;
        }

        SendInflight();
        return null;
    }

    private void SendInflight()
    {
        while (_inflight.SendNext() is { } packet)
        {
            // Checked again, since it may have been accepted for a server that took more.
            if (Capabilities.Check(packet, PacketEncoder.GetLength(packet, Version)) is { } error)
            {
                var withdrawn = _inflight.Withdraw(packet.PacketId);
                _events.Add(new ClientPublishFailed(withdrawn.Ticket, withdrawn.Message, error.Reason));
                continue;
            }

            Write(packet);
        }
    }

    private void Write(PublishPacket packet)
    {
        var mayGrow = PacketEncoder.GetLength(packet, Version) + (long)AliasLength <= Capabilities.MaximumPacketSize;
        _outbox.Write(Version == ProtocolVersion.V50 && mayGrow ? _aliases.Shorten(packet) : packet, Version);
    }
}

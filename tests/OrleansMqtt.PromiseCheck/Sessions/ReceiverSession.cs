using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Sessions;

/// <summary>
/// What a subscriber keeps from one connection to the next: the QoS 2 packet identifiers between PUBLISH and PUBREL. As long as the broker
/// has the session too, a QoS 2 message that passes here twice was sent twice by the broker. No I/O.
/// </summary>
internal sealed class ReceiverSession
{
    private readonly HashSet<ushort> _received = [];

    /// <summary>Takes in a PUBLISH.</summary>
    /// <param name="packet">The message.</param>
    /// <param name="isNew">Whether it is to be handed on: false for what stands under an identifier still in use [MQTT-4.3.3-10].</param>
    /// <returns>What to answer; null at QoS 0.</returns>
    public AcknowledgementPacket? Receive(PublishPacket packet, out bool isNew)
    {
        isNew = packet.QoS != QualityOfService.ExactlyOnce || _received.Add(packet.PacketId);
        return packet.QoS switch
        {
            QualityOfService.AtMostOnce => null,
            QualityOfService.AtLeastOnce => new AcknowledgementPacket(PacketType.PubAck) { PacketId = packet.PacketId }, // [MQTT-4.3.2-4]
            _ => new AcknowledgementPacket(PacketType.PubRec) { PacketId = packet.PacketId }, // [MQTT-4.3.3-8]
        };
    }

    /// <summary>Takes in a PUBREL, and answers it [MQTT-4.3.3-11].</summary>
    public AcknowledgementPacket Release(ushort packetId) => new(PacketType.PubComp)
    {
        PacketId = packetId,
        ReasonCode = _received.Remove(packetId) ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound,
    };

    /// <summary>The broker has no session: identifiers start anew.</summary>
    public void Lose() => _received.Clear();
}

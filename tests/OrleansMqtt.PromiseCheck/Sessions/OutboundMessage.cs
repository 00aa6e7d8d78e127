using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Sessions;

/// <summary>A message between its first sending and its last acknowledgement.</summary>
/// <param name="packet">As it was first sent, with its packet identifier.</param>
/// <param name="value">What its payload says.</param>
internal sealed class OutboundMessage(PublishPacket packet, string value)
{
    /// <summary>As it was first sent.</summary>
    public PublishPacket Packet { get; } = packet;

    /// <summary>What its payload says.</summary>
    public string Value { get; } = value;

    /// <summary>Whether PUBREC came: from then on PUBREL is sent, and PUBLISH no more [MQTT-4.3.3-6].</summary>
    public bool IsReleased { get; set; }

    /// <summary>The packet to send on a new connection.</summary>
    public Packet Repetition() => IsReleased
        ? new AcknowledgementPacket(PacketType.PubRel) { PacketId = Packet.PacketId }
        : new PublishPacket
        {
            Topic = Packet.Topic,
            Payload = Packet.Payload,
            QoS = Packet.QoS,
            Retain = Packet.Retain,
            PacketId = Packet.PacketId,
            Duplicate = true, // [MQTT-3.3.1-1]
        };
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>One message of <see cref="ClientInflight"/>.</summary>
internal sealed class ClientInflightMessage(long ticket, PublishPacket message)
{
    /// <summary>What stands for the message in the machine's API; ascending in the order of publishing.</summary>
    public long Ticket { get; } = ticket;

    /// <summary>The message, without identifier and topic alias.</summary>
    public PublishPacket Message { get; } = message;

    /// <summary>0 until it is first sent.</summary>
    public ushort PacketId { get; set; }

    /// <summary>Whether PUBREC came: PUBREL is under way and PUBLISH must not be sent again [MQTT-4.3.3-6].</summary>
    public bool IsReleased { get; set; }

    /// <summary>Ascending in the order of the PUBRECs.</summary>
    public long ReleaseOrder { get; set; }

    /// <summary>Whether it takes a place in the peer's receive maximum on this connection.</summary>
    public bool IsInWindow { get; set; }
}

/// <summary>What an acknowledgement means for the message that it names.</summary>
internal enum ClientInflightStep
{
    /// <summary>The message is done, well or badly.</summary>
    Finished,

    /// <summary>The message was received; answer with PUBREL.</summary>
    Release,

    /// <summary>No message has this identifier.</summary>
    Unknown,

    /// <summary>It is not the acknowledgement that this message waits for.</summary>
    Violation,
}

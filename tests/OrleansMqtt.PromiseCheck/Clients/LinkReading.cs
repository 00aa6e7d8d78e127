using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>How a wait for a packet ended.</summary>
internal enum LinkState
{
    /// <summary>With a packet.</summary>
    Packet,

    /// <summary>Nothing came in time.</summary>
    Silent,

    /// <summary>The connection is over.</summary>
    Ended,

    /// <summary>What came is not MQTT.</summary>
    Malformed,
}

/// <summary>What <see cref="Link.ReceiveAsync"/> found.</summary>
/// <param name="State">How the wait ended.</param>
/// <param name="Packet">The packet, if one came.</param>
/// <param name="Problem">What is wrong with the bytes, if something is.</param>
internal readonly record struct LinkReading(LinkState State, Packet? Packet, string? Problem);

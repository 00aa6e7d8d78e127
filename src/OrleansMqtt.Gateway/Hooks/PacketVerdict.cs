using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Hooks;

/// <summary>What becomes of a packet. The default is <see cref="Pass"/>.</summary>
public readonly struct PacketVerdict
{
    private PacketVerdict(Kinds kind, Packet? packet = null, ReasonCode reason = default, string description = "") => (Kind, Packet, Reason, Description) = (kind, packet, reason, description);

    internal enum Kinds
    {
        Pass,
        Drop,
        Replace,
        Close,
    }

    /// <summary>It goes on as it is.</summary>
    public static PacketVerdict Pass => default;

    /// <summary>It does not go on.</summary>
    public static PacketVerdict Drop { get; } = new(Kinds.Drop);

    internal Kinds Kind { get; }

    internal Packet? Packet { get; }

    internal ReasonCode Reason { get; }

    internal string Description { get; }

    /// <summary>Another one goes on in its place.</summary>
    /// <param name="packet">That one; one that can't be written in the client's version is a failure of the hook.</param>
    public static PacketVerdict Replace(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return new PacketVerdict(Kinds.Replace, packet);
    }

    /// <summary>It does not go on, and the connection ends: for CONNECT, and in place of CONNACK, by a CONNACK with the reason, else as <see cref="MqttConnection.Close"/> has it.</summary>
    /// <param name="reason">Reason code, 0x80 and above; one that the packet to be sent can't have becomes 0x80.</param>
    /// <param name="description">For the log, one sentence without its point. Before CONNACK a 5.0 client is told it too.</param>
    public static PacketVerdict Close(ReasonCode reason, string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return new PacketVerdict(Kinds.Close, reason: reason, description: description);
    }
}

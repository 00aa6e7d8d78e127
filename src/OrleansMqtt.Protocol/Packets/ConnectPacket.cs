namespace OrleansMqtt.Protocol.Packets;

/// <summary>CONNECT: the first packet of a client (MQTT 5.0 section 3.1).</summary>
public sealed class ConnectPacket : Packet
{
    /// <inheritdoc/>
    public override PacketType Type => PacketType.Connect;

    /// <summary>Version the client speaks; 5.0 unless set.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.V50;

    /// <summary>Bit 0x80 of the protocol level, by which brokers that bridge to another mark themselves in 3.1 and 3.1.1. No part of
    /// the specification; ignored when 5.0 is encoded.</summary>
    public bool IsBridge { get; init; }

    /// <summary>Discard an existing session. In 3.x this is Clean Session: the session also ends with the connection.</summary>
    public bool CleanStart { get; init; }

    /// <summary>Longest silence of the client in seconds; 0 turns the check off.</summary>
    public ushort KeepAlive { get; init; }

    /// <summary>Client identifier; empty asks the server for one.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>User name, or null if absent.</summary>
    public string? UserName { get; init; }

    /// <summary>Password bytes, or null if absent. 3.x permits one only beside a user name [MQTT-3.1.2-22 of 3.1.1].</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>The will, or null if there is none.</summary>
    public Will? Will { get; init; }

    /// <summary>Seconds the session outlives the connection; absent means 0, 0xFFFFFFFF means for ever. 5.0 only.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>QoS 1 and 2 messages the client takes at a time, 1 to 65,535; absent means 65,535. 5.0 only.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>Largest packet in bytes that the client accepts, at least 1; absent means no limit. 5.0 only.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>Highest topic alias the client accepts; absent means 0, none. 5.0 only.</summary>
    public ushort? TopicAliasMaximum { get; init; }

    /// <summary>Whether the client asks for response information; absent means false. 5.0 only.</summary>
    public bool? RequestResponseInformation { get; init; }

    /// <summary>Whether reason strings and user properties may stand in any packet; absent means true. 5.0 only.</summary>
    public bool? RequestProblemInformation { get; init; }

    /// <summary>Name of the extended authentication method, or null. 5.0 only.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Data of the method, or null; only beside <see cref="AuthenticationMethod"/>. 5.0 only.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    /// <summary>User properties in order. 5.0 only.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];
}

namespace OrleansMqtt.Protocol.Packets;

/// <summary>Result of CONNECT as 3.1 and 3.1.1 write it in CONNACK (MQTT 3.1.1 section 3.2.2.3).</summary>
public enum ConnectReturnCode : byte
{
    /// <summary>0x00: connection accepted.</summary>
    Accepted,

    /// <summary>0x01: the server does not speak the requested level.</summary>
    UnacceptableProtocolVersion,

    /// <summary>0x02: the client identifier is not allowed.</summary>
    IdentifierRejected,

    /// <summary>0x03: the MQTT service is unavailable.</summary>
    ServerUnavailable,

    /// <summary>0x04: user name or password is malformed or wrong.</summary>
    BadUserNameOrPassword,

    /// <summary>0x05: the client is not authorized to connect.</summary>
    NotAuthorized,
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>What a client shows of itself in CONNECT, and what its connection shows.</summary>
public sealed record AuthenticationRequest
{
    /// <summary>The client identifier; where the client left it empty, the one that it was given.</summary>
    public required string ClientId { get; init; }

    /// <summary>The user name; null when there is none [MQTT-3.1.2-17].</summary>
    public string? UserName { get; init; }

    /// <summary>The password, any bytes; null when there is none. Must not be kept and never be logged.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>Name of the listener that the client came by.</summary>
    public string Listener { get; init; } = "";

    /// <summary>The client's address, behind a proxy the one that the proxy names; null where there is none.</summary>
    public EndPoint? Remote { get; init; }

    /// <summary>The certificate that the client proved to own; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The process at the other end of a UNIX socket; null for others.</summary>
    public PeerCredentials? Peer { get; init; }

    /// <summary>The protocol version that it speaks.</summary>
    public ProtocolVersion Version { get; init; } = ProtocolVersion.V50;

    /// <summary>Without the password.</summary>
    public override string ToString() => $"client {ClientId}, user {UserName ?? "-"}, from {Remote}, by {Listener}";
}

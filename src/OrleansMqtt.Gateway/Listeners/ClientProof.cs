using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using OrleansMqtt.Gateway.Transports.Epoll;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Listeners;

/// <summary>Finds what a connection shows of its client.</summary>
internal static class ClientProof
{
    /// <summary>What it shows; null for nothing. Costs a plain TCP connection no memory.</summary>
    public static IClientProof? Of(ConnectionContext transport) => transport as IClientProof
        ?? (OperatingSystem.IsLinux() && transport.RemoteEndPoint is UnixDomainSocketEndPoint && transport.Features.Get<IConnectionSocketFeature>() is { } feature ? new UnixPeer(PeerOf(feature.Socket)) : null);

    private static PeerCredentials PeerOf(Socket socket)
    {
        // struct ucred.
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(LibC.SocketLevel, LibC.SocketPeerCredentials, MemoryMarshal.AsBytes(credentials));
        return new PeerCredentials(credentials[0], (uint)credentials[1], (uint)credentials[2]);
    }

    private sealed record UnixPeer(PeerCredentials Peer) : IClientProof
    {
        PeerCredentials? IClientProof.Peer => Peer;
    }
}

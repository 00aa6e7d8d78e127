using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>How bytes travel between processes.</summary>
internal interface ITransport
{
    /// <summary>Listens on an end point; port 0 is a free one.</summary>
    ValueTask<IConnectionListener> ListenAsync(EndPoint endPoint, CancellationToken cancellation = default);

    /// <summary>Prepares a connection that a listener accepted. Apart from accepting, so that a stranger who is slow here delays nobody.</summary>
    /// <returns>The connection to use instead; it closes the one given. If this fails, the one given remains the caller's.</returns>
    ValueTask<ConnectionContext> AdmitAsync(ConnectionContext accepted, CancellationToken cancellation = default);

    /// <summary>Connects to an end point.</summary>
    ValueTask<ConnectionContext> ConnectAsync(EndPoint endPoint, CancellationToken cancellation = default);
}

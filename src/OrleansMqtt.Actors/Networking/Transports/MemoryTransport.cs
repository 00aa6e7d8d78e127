using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>A <see cref="MemoryNetwork"/> as seen from one end point.</summary>
internal sealed class MemoryTransport(MemoryNetwork network, EndPoint endPoint) : ITransport
{
    public ValueTask<IConnectionListener> ListenAsync(EndPoint endPoint, CancellationToken cancellation = default) => new(network.Listen(endPoint));

    public ValueTask<ConnectionContext> AdmitAsync(ConnectionContext accepted, CancellationToken cancellation = default) => new(accepted);

    public ValueTask<ConnectionContext> ConnectAsync(EndPoint to, CancellationToken cancellation = default) =>
        network.ConnectAsync(endPoint, to, cancellation);
}

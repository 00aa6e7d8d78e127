using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>TCP, by Kestrel's sockets.</summary>
internal sealed class SocketTransport(ILoggerFactory loggers) : ITransport, IDisposable
{
    // Enough for a fast link while the other side of the pipe is busy; held only while bytes wait.
    private const int BufferBytes = 1024 * 1024;

    private readonly SocketTransportFactory _listening = new(
        Options.Create(new SocketTransportOptions { NoDelay = true, MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes }), loggers);

    private readonly SocketConnectionContextFactory _connecting = new(
        new SocketConnectionFactoryOptions { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes },
        loggers.CreateLogger<SocketTransport>());

    public ValueTask<IConnectionListener> ListenAsync(EndPoint endPoint, CancellationToken cancellation = default) =>
        _listening.BindAsync(endPoint, cancellation);

    public ValueTask<ConnectionContext> AdmitAsync(ConnectionContext accepted, CancellationToken cancellation = default) => new(accepted);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endPoint, CancellationToken cancellation = default)
    {
        var socket = endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
            return _connecting.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _connecting.Dispose();
}

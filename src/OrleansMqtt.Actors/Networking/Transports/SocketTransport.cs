using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>TCP.</summary>
internal sealed class SocketTransport : ITransport
{
    public ValueTask<IConnectionListener> ListenAsync(EndPoint endPoint, CancellationToken cancellation = default) => new(new SocketListener(endPoint));

    public ValueTask<ConnectionContext> AdmitAsync(ConnectionContext accepted, CancellationToken cancellation = default) => new(accepted);

    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endPoint, CancellationToken cancellation = default)
    {
        var socket = endPoint is IPEndPoint
            ? new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On a thread of its own, since the socket is not to be used asynchronously.
            using var end = cancellation.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
            await Task.Factory.StartNew(
                () => socket.Connect(endPoint), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            return new SocketConnection(socket);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            if (exception is SocketException or IOException)
            {
                throw;
            }

            throw new IOException(exception.Message, exception);
        }
    }
}

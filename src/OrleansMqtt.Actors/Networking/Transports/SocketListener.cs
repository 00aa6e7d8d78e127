using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>Accepts connections at an end point.</summary>
internal sealed class SocketListener : IConnectionListener
{
    private const int Backlog = 512;
    private readonly Socket _socket;

    /// <exception cref="AddressInUseException">Somebody else listens there.</exception>
    public SocketListener(EndPoint endPoint)
    {
        _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // All addresses are those of IPv4 too.
            if (endPoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
            _socket.Bind(endPoint);
            _socket.Listen(Backlog);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            _socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        EndPoint = _socket.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    /// <summary>The next connection; null when it listens no longer.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                return new SocketConnection(await _socket.AcceptAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // Whoever connected is gone already; the next one is not.
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}

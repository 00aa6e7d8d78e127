using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>A listening socket. Its connections are dealt out to the loops in turn.</summary>
internal sealed class EpollListener : IConnectionListener, IEpollTarget, IValueTaskSource<ConnectionContext?>
{
    private const int Backlog = 4096;

    // Accepting a crowd must not keep the connections of its loop waiting.
    private const int AcceptsPerTurn = 16;
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly EpollLoop[] _loops;
    private ManualResetValueTaskSourceCore<ConnectionContext?> _accept;
    private bool _waiting;
    private bool _unbound;
    private int _next;
    private int _accepted;

    public EpollListener(EndPoint endpoint, EpollLoop[] loops, TcpKeepAlive? keepAlive)
    {
        _loops = loops;
        _socket = endpoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Blocking = false;
            if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
            keepAlive?.Apply(_socket);
            _socket.Bind(endpoint);
            _socket.Listen(Backlog);
            EndPoint = _socket.LocalEndPoint!;
            loops[0].Add(Descriptor, this);
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
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    private int Descriptor => (int)_socket.Handle;

    /// <inheritdoc/>
    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_unbound) return default;
            if (_loops[0].IsCurrent && ++_accepted >= AcceptsPerTurn)
            {
                _accepted = 0;
                _loops[0].Yield(this);
            }
            else if (TryAccept() is { } connection)
            {
                return new(connection);
            }
            _waiting = true;
            _accept.Reset();
            return new(this, _accept.Version);
        }
    }

    /// <inheritdoc/>
    public void OnReady(int events) => OnTurn();

    /// <inheritdoc/>
    public void OnTurn()
    {
        ConnectionContext? connection = null;
        Exception? failure = null;
        lock (_gate)
        {
            if (!_waiting) return;
            try
            {
                connection = TryAccept();
            }
            catch (Win32Exception exception)
            {
                failure = exception;
            }
            if (connection is null && failure is null) return;
            (_waiting, _accepted) = (false, 0);
        }
        if (failure is null) _accept.SetResult(connection);
        else _accept.SetException(failure);
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_unbound) return default;
            _unbound = true;
            _loops[0].Remove(Descriptor);
            _socket.Dispose();
            if (!_waiting) return default;
            _waiting = false;
        }
        _accept.SetResult(null);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    // Null when nobody is there.
    private unsafe EpollConnection? TryAccept()
    {
        const int longestAddress = 128;
        var address = stackalloc byte[longestAddress];
        while (true)
        {
            var length = longestAddress;
            var fd = LibC.Accept(Descriptor, address, &length, LibC.NonBlocking | LibC.CloseOnExec);
            if (fd < 0)
            {
                var error = Marshal.GetLastPInvokeError();
                if (error == LibC.ErrAgain) return null;
                // The client was gone again before it was accepted.
                if (error is LibC.ErrInterrupted or LibC.ErrConnectionAborted) continue;
                throw new Win32Exception(error);
            }
            return Open(fd, new ReadOnlySpan<byte>(address, length));
        }
    }

    private unsafe EpollConnection Open(int fd, ReadOnlySpan<byte> address)
    {
        var remote = RemoteAddress.Of(address);
        if (remote.IsInternet)
        {
            const int tcp = 6, noDelay = 1;
            var on = 1;
            // Fails only where the client is gone already, which the first read will tell.
            _ = LibC.SetOption(fd, tcp, noDelay, &on, sizeof(int));
        }
        _next = (_next + 1) % _loops.Length;
        return new EpollConnection(fd, _loops[_next], remote, EndPoint);
    }

    ConnectionContext? IValueTaskSource<ConnectionContext?>.GetResult(short token) => _accept.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ConnectionContext?>.GetStatus(short token) => _accept.GetStatus(token);

    void IValueTaskSource<ConnectionContext?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _accept.OnCompleted(continuation, state, token, flags);
}

using System.IO.Pipelines;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Transports.Epoll;

/// <summary>One accepted socket. Its two ends read and write the descriptor directly; the loop tells them when they may go on.</summary>
internal sealed class EpollConnection : ConnectionContext, IDuplexPipe, IEpollTarget, IClientProof
{
    private readonly EpollReader _reader;
    private readonly EpollWriter _writer;
    private readonly RemoteAddress _remote;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _closedSource;
    private IDictionary<object, object?>? _items;
    private IFeatureCollection? _features;
    private string? _id;
    private int _fd;

    public EpollConnection(int fd, EpollLoop loop, RemoteAddress remote, EndPoint local)
    {
        (_fd, Loop, _remote, LocalEndPoint) = (fd, loop, remote, local);
        (_reader, _writer) = (new EpollReader(this), new EpollWriter(this));
        try
        {
            loop.Add(fd, this);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public EpollLoop Loop { get; }

    /// <inheritdoc/>
    public override IDuplexPipe Transport
    {
        get => this;
        set => throw new NotSupportedException("The transport of this connection is its socket.");
    }

    /// <inheritdoc/>
    public PipeReader Input => _reader;

    /// <inheritdoc/>
    public PipeWriter Output => _writer;

    /// <inheritdoc/>
    public override EndPoint? LocalEndPoint { get; set; }

    /// <inheritdoc/>
    public override EndPoint? RemoteEndPoint
    {
        get => _remote.ToEndPoint();
        set => throw new NotSupportedException("The peer's address is what it is.");
    }

    /// <inheritdoc/>
    public override string ConnectionId
    {
        get => _id ??= Guid.NewGuid().ToString("N");
        set => _id = value;
    }

    /// <inheritdoc/>
    public override IFeatureCollection Features => _features ??= new FeatureCollection();

    /// <inheritdoc/>
    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <inheritdoc/>
    public override CancellationToken ConnectionClosed
    {
        get
        {
            lock (_gate)
            {
                _closedSource ??= new CancellationTokenSource();
                if (_fd < 0) _closedSource.Cancel();
                return _closedSource.Token;
            }
        }
        set => throw new NotSupportedException("The connection says itself when it is closed.");
    }

    /// <inheritdoc/>
    public unsafe PeerCredentials? Peer
    {
        get
        {
            if (_remote.IsInternet) return null;
            lock (_gate)
            {
                // struct ucred.
                var credentials = stackalloc int[3];
                var length = 3 * sizeof(int);
                return _fd >= 0 && LibC.GetOption(_fd, LibC.SocketLevel, LibC.SocketPeerCredentials, credentials, &length) == 0
                    ? new PeerCredentials(credentials[0], (uint)credentials[1], (uint)credentials[2])
                    : null;
            }
        }
    }

    /// <summary>Receives into <paramref name="buffer"/>: the number of bytes, 0 at the end of the stream, or -1 with <paramref name="error"/> an errno.</summary>
    public unsafe int Receive(Span<byte> buffer, out int error)
    {
        // Under the gate, so that the number is not closed and given to another connection meanwhile.
        lock (_gate)
            fixed (byte* start = buffer)
            {
                error = 0;
                if (_fd < 0) return 0;
                var received = (int)LibC.Receive(_fd, start, buffer.Length, 0);
                if (received < 0) error = Marshal.GetLastPInvokeError();
                return received;
            }
    }

    /// <summary>Sends what the kernel takes of <paramref name="bytes"/>: how many, or -1 with <paramref name="error"/> an errno.</summary>
    public unsafe int Send(ReadOnlySpan<byte> bytes, out int error)
    {
        lock (_gate)
            fixed (byte* start = bytes)
            {
                error = LibC.ErrConnectionAborted;
                if (_fd < 0) return -1;
                var sent = (int)LibC.Send(_fd, start, bytes.Length, LibC.NoSignal);
                error = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
                return sent;
            }
    }

    /// <inheritdoc/>
    public void OnReady(int events)
    {
        // First what makes room: a reader that is held back by its own answers goes on with them.
        if ((events & (LibC.EpollOut | LibC.EpollErr | LibC.EpollHup)) != 0) _writer.OnWritable();
        if ((events & ~LibC.EpollOut) != 0) _reader.OnReadable((events & (LibC.EpollRdHup | LibC.EpollErr | LibC.EpollHup)) != 0);
    }

    /// <inheritdoc/>
    public void OnTurn() => _reader.OnTurn();

    /// <inheritdoc/>
    public override void Abort(ConnectionAbortedException abortReason)
    {
        // The loop hears of it as of any other end, and what waits for the socket goes on.
        lock (_gate)
            if (_fd >= 0) _ = LibC.Shutdown(_fd, LibC.ShutdownBoth);
    }

    /// <inheritdoc/>
    public override void Abort() => Abort(new ConnectionAbortedException());

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Close();
        return base.DisposeAsync();
    }

    private void Close()
    {
        CancellationTokenSource? closed;
        lock (_gate)
        {
            if (_fd < 0) return;
            Loop.Remove(_fd);
            _ = LibC.Close(_fd);
            _fd = -1;
            closed = _closedSource;
        }
        _writer.OnWritable();
        closed?.Cancel();
    }
}

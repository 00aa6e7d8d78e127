using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansMqtt.TestingHost.Gateways;

/// <summary>A gateway's sockets, which can be ended as the death of the process would: at once, and without a last word.</summary>
internal sealed class SeverableTransport(IConnectionListenerFactory inner) : IConnectionListenerFactory, IDisposable
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();
    private volatile bool _severed;
    private int _disposed;

    /// <inheritdoc/>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await inner.BindAsync(endpoint, cancellationToken));

    /// <summary>Ends all connections, and those that come later.</summary>
    public void Sever()
    {
        _severed = true;
        foreach (var connection in _open.Keys) connection.Abort();
    }

    /// <inheritdoc/>
    // The container knows it under two names, and disposes of it for each.
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) (inner as IDisposable)?.Dispose();
    }

    private void Add(ConnectionContext connection)
    {
        _open[connection] = true;
        connection.ConnectionClosed.UnsafeRegister(_ => _open.TryRemove(connection, out var _), null);
        // In this order: one that the other side has not seen sees that it is severed.
        if (_severed) connection.Abort();
    }

    private sealed class Listener(SeverableTransport transport, IConnectionListener inner) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (await inner.AcceptAsync(cancellationToken) is not { } connection) return null;
            transport.Add(connection);
            return connection;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Handshakes;

namespace OrleansMqtt.Actors.Networking;

internal sealed partial class PeerNetwork
{
    private void Open(OutgoingPeer peer, PeerConnection connection, TimeSpan delay)
    {
        var reception = _reception ?? throw new InvalidOperationException("The network is not started.");
        if (_leaving.IsCancellationRequested || !_tasks.TryStart(() => OpenAsync(peer, connection, reception.Introduce(peer.Target.Silo), delay)))
        {
            connection.End(EndKind.Closed, "this side leaves");
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task OpenAsync(OutgoingPeer peer, PeerConnection connection, Hello hello, TimeSpan delay)
    {
        try
        {
            if (delay > TimeSpan.Zero)
            {
                await Task.Delay(delay, _time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (connection.TakesCalls && await TryConnectAsync(peer, connection, hello).ConfigureAwait(false))
            {
                await connection.RunAsync().ConfigureAwait(false);
            }

            peer.Ended(connection);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>Opens a connection, or ends it with the reason why not.</summary>
    private async Task<bool> TryConnectAsync(OutgoingPeer peer, PeerConnection connection, Hello hello)
    {
        ConnectionContext? context = null;
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _leaving.Token);
        try
        {
            context = await _transport.ConnectAsync(peer.Target.EndPoint, cancellation.Token).ConfigureAwait(false);
            var reply = await HandshakeExchange.IntroduceAsync(context.Transport, hello, cancellation.Token).ConfigureAwait(false);
            if (Reception.Objection(hello, reply) is { } objection)
            {
                NotOpened(peer, connection, EndKind.Refused, objection);
            }
            else
            {
                peer.Opened();
                if (connection.TryOpen(context, reply.Self!))
                {
                    return true;
                }
            }
        }
        catch (Exception exception)
        {
            // Whatever goes wrong, the peer cannot be reached now, and who waits for it is told why.
            var reason = _leaving.IsCancellationRequested ? "this side leaves"
                : timeout.IsCancellationRequested ? $"no connection within {_options.ConnectTimeout}"
                : exception.Message;
            NotOpened(peer, connection, EndKind.Unreachable, reason);
        }

        if (context is not null)
        {
            await DropAsync(context).ConfigureAwait(false);
        }

        return false;
    }

    private void NotOpened(OutgoingPeer peer, PeerConnection connection, EndKind kind, string reason)
    {
        if (_rate.IsWorthSaying(peer.Target.ToString(), reason))
        {
            LogNotOpened(_logger, peer.Target, kind, reason);
        }

        peer.Ended(connection);
        connection.End(kind, reason);
    }
}

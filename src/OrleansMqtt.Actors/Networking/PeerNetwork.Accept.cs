using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Actors.Networking.Connections;
using OrleansMqtt.Actors.Networking.Handshakes;

namespace OrleansMqtt.Actors.Networking;

internal sealed partial class PeerNetwork
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);

    private int _handshakes;

    private async Task AcceptAsync(IConnectionListener listener)
    {
        while (!_leaving.IsCancellationRequested)
        {
            try
            {
                if (await listener.AcceptAsync(_leaving.Token).ConfigureAwait(false) is not { } context)
                {
                    return;
                }

                if (!_tasks.TryStart(() => ServeAsync(context)))
                {
                    await DropAsync(context).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // One failure (no file descriptor left, say) must not end the listening; nor may it be tried in a loop.
                LogAcceptFailed(_logger, exception, listener.EndPoint);
                await Task.Delay(AcceptPause, _time, _leaving.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(ConnectionContext accepted)
    {
        var (context, peer) = await ReceiveAsync(accepted).ConfigureAwait(false);
        if (peer is null)
        {
            return;
        }

        var connection = NewConnection(peer.ToString());
        try
        {
            if (!connection.TryOpen(context, peer))
            {
                await DropAsync(context).ConfigureAwait(false);
                return;
            }

            Replace(peer, connection);
            if (_leaving.IsCancellationRequested)
            {
                connection.SayGoodbye();
            }

            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _incoming.TryRemove(KeyValuePair.Create(peer, connection));
            _connections.TryRemove(connection, out _);
        }
    }

    /// <summary>The handshake.</summary>
    /// <returns>The connection to use, and who the peer is; nobody if it was not let in, then the connection is closed.</returns>
    private async Task<(ConnectionContext Context, PeerIdentity? Peer)> ReceiveAsync(ConnectionContext accepted)
    {
        var context = accepted;
        var remote = accepted.RemoteEndPoint?.ToString() ?? "an unknown end point";
        using var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _leaving.Token);
        try
        {
            if (Interlocked.Increment(ref _handshakes) > _options.MaxHandshakes)
            {
                throw new InvalidDataException($"more than {_options.MaxHandshakes} connections are in the handshake");
            }

            context = await _transport.AdmitAsync(accepted, cancellation.Token).ConfigureAwait(false);
            var hello = await HandshakeExchange.ReadAsync(context.Transport.Input, cancellation.Token).ConfigureAwait(false);
            var reply = _reception!.Answer(hello, out var peer);
            await context.Transport.Output.WriteAsync(reply.ToBytes(), cancellation.Token).ConfigureAwait(false);
            if (reply.Refusal is null)
            {
                return (context, peer);
            }

            NotLetIn(peer is null ? remote : $"{peer} at {remote}", HostOf(accepted), reply.Refusal);

            // In peace: the reply is still on its way.
            await context.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A stranger may cause any exception of the transport; it has no consequence but this.
            var reason = _leaving.IsCancellationRequested ? "this side leaves"
                : timeout.IsCancellationRequested ? $"it did not say hello within {_options.HandshakeTimeout}"
                : exception.Message;
            NotLetIn(remote, HostOf(accepted), reason);
            await DropAsync(context).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }

        return (context, null);
    }

    /// <summary>A peer opens a second connection only when its first is of no more use to it, even if that is not yet noticed here.</summary>
    private void Replace(PeerIdentity peer, PeerConnection connection)
    {
        PeerConnection? before = null;
        _incoming.AddOrUpdate(peer, connection, (_, old) =>
        {
            before = old;
            return connection;
        });
        before?.End(EndKind.Superseded, "the peer opened a newer connection");
    }

    // Without the port, which differs each time.
    private static string HostOf(ConnectionContext context) =>
        context.RemoteEndPoint is System.Net.IPEndPoint { Address: var address } ? address.ToString() : context.RemoteEndPoint?.ToString() ?? "";

    private void NotLetIn(string peer, string host, string reason)
    {
        if (_rate.IsWorthSaying(host, reason))
        {
            LogNotLetIn(_logger, peer, reason);
        }
    }

    private async Task DropAsync(ConnectionContext context)
    {
        try
        {
            context.Abort(new ConnectionAbortedException("the connection is of no use"));
            await context.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogNotDropped(_logger, exception, context.RemoteEndPoint);
        }
    }
}

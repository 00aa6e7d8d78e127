using System.Runtime.CompilerServices;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Leases;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

// How a connection ends.
internal sealed partial class ClientConnection
{
    // Long enough for a last packet to leave, short enough that a client that takes nothing holds nothing.
    internal static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DisconnectPause = TimeSpan.FromMilliseconds(250);
    // Held while the connection enters or leaves the registry, so that it does not do one in the midst of the other.
    private readonly Lock _entering = new();
    private uint _sessionExpiry;
    private uint _wishedExpiry;

    // Takes the client out of everything that could still deliver to it. Once; on whichever thread comes first.
    private void Detach()
    {
        Subscriber? subscriber;
        lock (_entering)
        {
            if (_detached) return;
            _detached = true;
            subscriber = Subscriber;
        }
        CancelWork();
        _context.Heartbeat.Forget(this);
        LeaveRates();
        if (subscriber is null)
        {
            _context.Connections.Remove(this);
            return;
        }
        if (_closeReason is { } reason && Version == ProtocolVersion.V50)
        {
            using var batch = DeliveryBatch.Begin();
            subscriber.Farewell(EncodeFarewell(reason, subscriber.MaximumPacketSize)); // [MQTT-3.1.4-3], [MQTT-4.13.1-1]
        }
        if (_channel is not null) _context.Connections.Ending(this);
        _context.Connections.Remove(this);
        _context.Metrics.CountConnected(-1);
        TellDisconnected();
        _subscriptions?.RemoveAll();
        foreach (var (group, message) in subscriber.Close())
        {
            var result = _context.Router.Redeliver(group, message, ClientId);
            if (result.Pending is null) CountRedelivered(result, message);
            else result.Pending.OnCompleted(_ => CountRedelivered(result, message), null);
        }
    }

    private byte[] EncodeFarewell(ReasonCode reason, uint maximum)
    {
        var reference = reason == ReasonCode.UseAnotherServer ? _context.Options.Drain.ServerReference : null;
        var packet = PacketEncoder.Encode(new DisconnectPacket { ReasonCode = reason, ServerReference = reference }, Version);
        // [MQTT-3.1.2-24]; the Server Reference may be left out.
        return packet.Length <= maximum ? packet : PacketEncoder.Encode(new DisconnectPacket { ReasonCode = reason }, Version);
    }

    private void CountRedelivered(RouteResult result, Message message)
    {
        if (result.Total > 0) return;
        _context.Metrics.CountCopies(1, 0);
        _context.Metrics.CountDropped(DropReason.NoSharedMember, message.Topic, null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask EndAsync()
    {
        Detach();
        if (_closeReason is { } reason && Subscriber is not null && _goodbye is null) LogClosed(_context.Logger, LogName, Remote, (byte)reason, _closeDescription!);
        // First the session, then the transport: a client that sees the connection closed finds its session ready for the next one.
        if (_session is not null && Epoch != 0) await EndSessionAsync(_session);
        await CloseTransportAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask EndSessionAsync(ISessionGrain session)
    {
        // [MQTT-3.1.2-10], [MQTT-3.14.4-3]: only a normal goodbye keeps the will back. A 3.x DISCONNECT is always one.
        var normal = _goodbye is { ReasonCode: ReasonCode.Success } && _closeReason is null;
        try
        {
            await SettleAsync();
            await DisconnectAsync(session, new DisconnectRequest(!normal, _goodbye?.SessionExpiryInterval is { } expiry ? _context.LimitExpiry(expiry) : null));
        }
#pragma warning disable CA1031 // The session finds out by itself when its gateway or the next connection tells it; nothing here can do more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSessionUnreachable(_context.Logger, exception, LogName);
        }
        finally
        {
            _context.Connections.Ended(this);
        }
    }

    // Will and expiry hang on this call, and the grain's silo may be the one that has just been lost: then the grain is elsewhere soon. Once this gateway leaves or its lease is over the registry sees to it.
    private async Task DisconnectAsync(ISessionGrain session, DisconnectRequest request)
    {
        while (true)
        {
            try
            {
                await session.DisconnectAsync(Epoch, request);
                return;
            }
            catch (Exception exception) when (_context is { Lease.IsInForce: true, IsStopping: false } && PassingFailure.Is(exception))
            {
                LogSessionUnreachable(_context.Logger, exception, LogName);
            }
            await Task.Delay(DisconnectPause, _context.Time);
        }
    }

    // What the client released and acknowledged before it left reaches its session before the end does: neither is it published twice, nor
    // sent again.
    private async Task SettleAsync()
    {
        if (_publishes is not null)
        {
            await _publishes.WhenReleasedAsync();
            await _publishes.WhenRoutedAsync();
        }
        if (_channel is not null) await _channel.DrainAsync();
    }

    private ValueTask CloseTransportAsync()
    {
        if (_closeReason is not null || !_outbox.TryFlush()) return CloseSlowlyAsync(null);
        // Usually nothing is on its way any more, and closing takes no time.
        var closing = CompleteTransportAsync();
        return closing.IsCompletedSuccessfully ? default : CloseSlowlyAsync(closing.AsTask());
    }

    private async ValueTask CloseSlowlyAsync(Task? closing)
    {
        using (var farewell = new CancellationTokenSource(FarewellTime, _context.Time))
        await using (farewell.Token.Register(static transport => ((Microsoft.AspNetCore.Connections.ConnectionContext)transport!).Abort(), _transport))
        {
            if (closing is null) await SayFarewellAsync(farewell.Token);
            await (closing ?? CompleteTransportAsync().AsTask());
        }
    }

    private async ValueTask SayFarewellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _outbox.FlushAllAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client took nothing any more; the transport has been aborted.
        }
        if (_closeReason is not null && Version == ProtocolVersion.V50 && Subscriber is not null) await LingerAsync();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CompleteTransportAsync()
    {
        _outbox.Complete();
        await _transport.Transport.Output.CompleteAsync();
        await _transport.Transport.Input.CompleteAsync();
        await _transport.DisposeAsync();
    }

    private async ValueTask LingerAsync()
    {
        using var end = new CancellationTokenSource(_context.Options.CloseLinger, _context.Time);
        try
        {
            while (true)
            {
                var result = await _transport.Transport.Input.ReadAsync(end.Token);
                _transport.Transport.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted) return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException)
        {
            // Time is up, or the client has gone with a reset: either way it has had its chance to read the reason.
        }
    }
}

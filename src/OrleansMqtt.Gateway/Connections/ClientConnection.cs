using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Gateway.Listeners.WebSockets;
using OrleansMqtt.Gateway.Publishing;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// One client's connection, from accept to clean-up. It owns the life cycle and the read loop; what packets mean is in
/// <see cref="Publishing"/>, <see cref="Subscriptions"/> and <see cref="Delivery"/>. Packets are handled on the reading thread; what
/// must wait for a grain pauses reading of this client alone.
/// </summary>
internal sealed partial class ClientConnection : Watched
{
    private readonly ConnectionContext _transport;
    private readonly GatewayContext _context;
    private readonly ListenerOptions _listener;
    private readonly ServerConnection _protocol;
    private readonly Outbox _outbox;
    // Where a load balancer says that the client is.
    private readonly IPEndPoint? _client;
    // Why its CONNECT will be refused: its listener has no place for it, or a hook does not want it.
    private ProtocolError? _refusal;
    private PublishReceiver? _publishes;
    private SubscriptionHandler? _subscriptions;
    private Packet? _waiting;
    private List<SubscribePacket>? _subscribes;
    private string? _closeDescription;
    private ReasonCode? _closeReason;
    private DisconnectPacket? _goodbye;
    private ISessionGrain? _session;
    private SessionChannel? _channel;
    private readonly Lock _reading = new();
    private Task? _ended;
    private bool _detached;
    private bool _isHeld;
    private volatile AdmissionTicket? _ticket;

    public ClientConnection(ConnectionContext transport, ListenerOptions listener, GatewayContext context, Arrival? arrival = null)
    {
        (_transport, _listener, _context) = (transport, listener, context);
        (_authenticators, Mount) = (context.Authenticators.Of(listener), context.Mounts.Of(listener));
        _outbox = new Outbox(transport.Transport.Output, context.Metrics);
        _protocol = new ServerConnection(context.ProtocolOptions(listener.Tolerant), this);
        TimeoutTicks = context.Limits.ConnectTimeoutSeconds;
        LastReceivedTick = arrival?.Since ?? context.Heartbeat.NextTick;
        _client = arrival?.Client;
        if (arrival?.IsRefused == true) _refusal = new ProtocolError(ReasonCode.ServerBusy, "the maximum number of its listener's connections is reached");
        TakePlace(arrival);
        context.Heartbeat.Watch(this);
        context.Connections.Opened(this);
        _halfOpen = context.Guards.HalfOpen.Enter(this);
    }

    /// <summary>What stands before its topics, unseen by the client; null for nothing.</summary>
    public MountPoint? Mount { get; }

    /// <summary>Client identifier; empty before CONNECT.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Address of the client, for the log.</summary>
    public string Remote => Address?.ToString() ?? "unknown";

    /// <summary>Number of this connection, given by the session; 0 before CONNACK.</summary>
    public long Epoch { get; private set; }

    /// <summary>The client as a receiver of messages; null before CONNACK.</summary>
    public Subscriber? Subscriber { get; private set; }

    /// <summary>Protocol version.</summary>
    public ProtocolVersion Version => _protocol.Version;

    /// <summary>Whether the connection is over.</summary>
    public bool HasEnded => Volatile.Read(ref _detached);

    /// <summary>Completed when the connection is over and cleaned up.</summary>
    public Task Ended => _ended ?? Task.CompletedTask;

    /// <summary>Serves the client until its connection ends. Never throws for what a client or its network does.</summary>
    public Task RunAsync() => _ended = ServeAsync();

    private async Task ServeAsync()
    {
        try
        {
            await ReadLoopAsync();
        }
        catch (Exception exception) when (exception is IOException or ConnectionAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            _closeDescription ??= exception.Message;
            if (exception is FrameException) LogProtocolError(_context.Logger, LogName, Remote, (byte)ReasonCode.ProtocolError, exception.Message);
        }
        finally
        {
            try
            {
                await EndAsync();
            }
            finally
            {
                LeaveAddress();
            }
        }
    }

    /// <summary>Its CONNECT, which has not been read yet, is refused.</summary>
    public void RefuseConnect(ProtocolError refusal) => _refusal = refusal;

    /// <summary>Ends the connection from outside: nothing more is read or delivered; a 5.0 client is told why. Any thread.</summary>
    public void Close(ReasonCode reason, string description)
    {
        lock (_outbox.Gate)
        {
            if (_closeDescription is not null) return;
            (_closeReason, _closeDescription) = (reason, description);
        }
        Detach();
        CancelWork();
        _ticket?.TryGiveUp();
        _transport.Transport.Input.CancelPendingRead();
    }

    /// <summary>
    /// As <see cref="Close"/>; completes when what was read from the client before has been routed and recorded, or after
    /// <see cref="FarewellTime"/>: whoever takes the session over comes behind it.
    /// </summary>
    public async Task CloseAndSettleAsync(ReasonCode reason, string description)
    {
        Close(reason, description);
        lock (_reading)
        {
            // The batch that was being read has been handled; none begins any more.
        }
        try
        {
            await SettleAsync().WaitAsync(FarewellTime, _context.Time);
        }
        catch (TimeoutException exception)
        {
            LogSessionUnreachable(_context.Logger, exception, LogName);
        }
    }

    /// <summary>A message of the client has been acknowledged to the end, so it may send one more. Any thread.</summary>
    public void PublishAcknowledged() => _protocol.Acknowledged();

    /// <summary>The client has been silent for too long. [MQTT-3.1.2-22]</summary>
    public override void OnTimeout()
    {
        if (ExpiryTick <= _context.Heartbeat.NextTick)
        {
            Close(ReasonCode.NotAuthorized, "what proved its identity has expired");
            return;
        }
        if (Volatile.Read(ref _isHeld))
        {
            // What it sent meanwhile lies unread: it is the broker that is late.
            LastReceivedTick = _context.Heartbeat.NextTick;
            _context.Heartbeat.Watch(this);
            return;
        }
        // It is told so.
        if (_ticket?.TryGiveUp() == true) return;
        if (Subscriber is not null) Close(ReasonCode.KeepAliveTimeout, "keep alive time-out");
        else Close(ReasonCode.UnspecifiedError, "no CONNECT in time");
    }

    private async Task ReadLoopAsync()
    {
        var input = _transport.Transport.Input;
        while (_closeDescription is null)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            var error = Receive(ref buffer);
            // What was left unread because of a pause has not been examined: the next read returns it at once.
            input.AdvanceTo(buffer.Start, _protocol.Paused ? buffer.Start : buffer.End);
            if (error is not null)
            {
                Fail(error);
                return;
            }
            if (_protocol.Phase == ConnectionPhase.Closed) return;
            if (_protocol.Paused) await HandleWaitingAsync();
            else if (result.IsCompleted) return;
            else if (_outbox.PendingBytes > OutboxRoom) await _outbox.WhenBelowAsync(OutboxRoom / 2);
        }
    }

    // Messages stop at half of it; only answers to what the client itself sends get here, and they end when it is read no further.
    private int OutboxRoom => (int)Math.Min(int.MaxValue, 2L * _context.Limits.MaxOutboxBytes);

    private ProtocolError? Receive(ref ReadOnlySequence<byte> buffer)
    {
        lock (_reading) return _closeDescription is null ? ReceiveBatch(ref buffer) : null;
    }

    private ProtocolError? ReceiveBatch(ref ReadOnlySequence<byte> buffer)
    {
        if (Subscriber is not null && !_context.MayServe)
        {
            // What others did meanwhile for a gateway that they hold for gone, it must not do as well.
            Close(ReasonCode.ServerShuttingDown, "the gateway's lease is over");
            return null;
        }
        // Before CONNACK the time to connect counts, however many bytes come.
        if (Subscriber is not null) LastReceivedTick = _context.Heartbeat.NextTick;
        var before = buffer.Length;
        using var batch = DeliveryBatch.Begin();
        var error = _protocol.Receive(ref buffer);
        _protocol.ReleaseScratch();
        var bytes = before - buffer.Length;
        CountOtherBytes(bytes);
        if (_publishes is not null) _publishes.CountBatch(bytes);
        else _context.Metrics.CountReceived(bytes, 0, 0);
        return error;
    }

    // What could not be finished on the reading thread: a handshake, a subscription, a publisher that is too far ahead.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleWaitingAsync()
    {
        var packet = _waiting;
        _waiting = null;
        Volatile.Write(ref _isHeld, Subscriber is not null);
        await HandleAsync(packet);
        LastReceivedTick = _context.Heartbeat.NextTick;
        Volatile.Write(ref _isHeld, false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleAsync(Packet? packet)
    {
        switch (packet)
        {
            case ConnectPacket connect:
                await ConnectAsync(connect);
                break;
            case AuthPacket auth:
                await StepAsync(auth.AuthenticationData);
                break;
            case null when _subscribes is not null:
                var subscribes = _subscribes;
                _subscribes = null;
                await OpenSubscriptions().SubscribeAsync(subscribes);
                _protocol.Resume();
                break;
            case UnsubscribePacket unsubscribe:
                await OpenSubscriptions().UnsubscribeAsync(unsubscribe);
                _protocol.Resume();
                break;
            default:
                if (_publishes?.AwaitsDecision == true)
                {
                    await Task.Run(_publishes.DecideAsync).WaitAsync(Leaving);
                    Proceed();
                }
                if (_publishes is not null) await _publishes.WaitForRoomAsync();
                if (_rate is { } rate) await rate.WaitAsync();
                _protocol.Resume();
                break;
        }
    }

    // As if the message that was asked about were read now.
    private void Proceed()
    {
        lock (_reading)
        {
            if (_closeDescription is not null) return;
            using var batch = DeliveryBatch.Begin();
            var error = _publishes!.Proceed();
            _publishes.CountBatch(0);
            if (error is not null) Fail(error);
        }
    }

    private SubscriptionHandler OpenSubscriptions()
    {
        if (_subscriptions is { } known) return known;
        var subscriptions = _subscriptions = new SubscriptionHandler(this, _context, _isPersistent ? _session : null);
        // Closed from outside at this very moment: Detach has either seen the handler or is seen here.
        Interlocked.MemoryBarrier();
        if (HasEnded) subscriptions.RemoveAll();
        return subscriptions;
    }

    private void Fail(ProtocolError error)
    {
        (_closeReason, _closeDescription) = (_closeReason ?? error.Reason, _closeDescription ?? error.Description);
        LogProtocolError(_context.Logger, LogName, Remote, (byte)error.Reason, error.Description);
        // To 3.x nothing else than these has a return code: what is malformed is closed without CONNACK, [MQTT-3.1.4-1] of 3.1.1.
        if (_protocol.Version == ProtocolVersion.V50 || error.Reason is ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid) RefuseIfConnecting(error);
    }

    // A connection that fails before CONNACK is answered with CONNACK, where the version has a code for it [MQTT-3.1.4-1], [MQTT-3.1.2-2].
    private void RefuseIfConnecting(ProtocolError error)
    {
        if (Subscriber is not null || !_protocol.ConnectSeen) return;
        _closeReason = null;
        SendRaw(PacketEncoder.Encode(new ConnAckPacket { ReasonCode = error.Reason, ReasonString = error.Description }, _protocol.Version));
    }

    private void SendRaw(ReadOnlySpan<byte> packet)
    {
        using var batch = DeliveryBatch.Begin();
        lock (_outbox.Gate)
        {
            _outbox.Write(packet);
            _outbox.Mark();
        }
    }
}

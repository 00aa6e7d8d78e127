using System.Runtime.CompilerServices;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Publishing;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Connections;

// From CONNECT to CONNACK.
internal sealed partial class ClientConnection
{
    private bool _isPersistent;
    private bool _hasWill;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ConnectAsync(ConnectPacket connect)
    {
        if (CheckConnect(connect) is { } refusal)
        {
            Refuse(refusal, connect);
            return;
        }
        var ticket = _context.Admission.Enter();
        if (ticket != AdmissionTicket.Admitted && !await WaitForAdmissionAsync(ticket, connect)) return;
        // [MQTT-3.1.3-6], [MQTT-3.2.2-16]: the server names a client that does not name itself.
        ClientId = connect.ClientId.Length == 0 ? $"auto-{Guid.NewGuid():N}" : connect.ClientId;
        _userName = connect.UserName;
        if (connect.AuthenticationMethod is not null) await BeginExchangeAsync(connect);
        else if (await AuthenticateAsync(connect)) await AdmitAsync(connect);
    }

    // It is known who the client is.
    private async ValueTask AdmitAsync(ConnectPacket connect)
    {
        if (!await MayLeaveWillAsync(connect)) return;
        _wishedExpiry = connect.Version == ProtocolVersion.V50
            ? connect.SessionExpiryInterval ?? 0 // [MQTT-3.1.2-11]
            : connect.CleanStart ? 0 : ConnectRequest.NeverExpires;
        _sessionExpiry = _context.LimitExpiry(_wishedExpiry);
        _context.Connections.BeginHandshake(ClientId);
        try
        {
            await OpenSessionAsync(connect);
        }
        catch (OperationCanceledException) when (_closeDescription is not null)
        {
            // It has been closed while its subscriptions were decided.
        }
#pragma warning disable CA1031 // Whatever kept the session from opening, the client gets an answer and may try again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (_protocol.Phase == Protocol.Connections.ConnectionPhase.Connected)
            {
                // CONNACK is out, and there is only one: the client connects again.
                LogSessionFailed(_context.Logger, exception, LogName, Remote);
                Close(ReasonCode.UnspecifiedError, "the session could not be started");
                return;
            }
            LogSessionFailed(_context.Logger, exception, LogName, Remote);
            Refuse(new ProtocolError(ReasonCode.ServerUnavailable, "the session could not be opened"), connect);
        }
    }

    private ProtocolError? CheckConnect(ConnectPacket connect)
    {
        // [MQTT-3.1.3-8] in 3.1.1: without an identifier there is nothing to keep a session under. 3.1 demands one.
        if (connect.ClientId.Length == 0 && (connect.Version == ProtocolVersion.V31 || (connect.Version == ProtocolVersion.V311 && !connect.CleanStart)))
            return new ProtocolError(ReasonCode.ClientIdentifierNotValid, "an empty client identifier");
        if (_context.Authenticators.Bans.IsBanned(Address))
            return new ProtocolError(ReasonCode.Banned, "its address is banned");
        if (connect.AuthenticationMethod is { } method && _authenticators.Find(method) is null)
            return new ProtocolError(ReasonCode.BadAuthenticationMethod, "nobody authenticates by its method"); // [MQTT-4.12.0-1]
        if (!_context.MayServe)
            return new ProtocolError(ReasonCode.ServerUnavailable, "the gateway is not part of its cluster at present");
        if (Mount is not null && connect.Will is { } mounted && Mount.Add(System.Text.Encoding.UTF8.GetBytes(mounted.Topic)).IsEmpty)
            return new ProtocolError(ReasonCode.TopicNameInvalid, "the topic of its will is too long behind the mount point");
        if (Mount is null && connect.Will is { } will && OwnTopics.Has(System.Text.Encoding.UTF8.GetBytes(will.Topic)))
            return new ProtocolError(ReasonCode.NotAuthorized, "a will on the broker's own topics");
        if (_refusal is not null)
            return _refusal;
        return ConnectLimits.Examine(connect, _hasPlace, _context);
    }

    private async ValueTask<bool> WaitForAdmissionAsync(AdmissionTicket ticket, ConnectPacket connect)
    {
        _ticket = ticket;
        // Closed from outside at this very moment: Close has either seen the ticket or is seen here.
        Interlocked.MemoryBarrier();
        if (HasEnded) ticket.TryGiveUp();
        var isAdmitted = await ticket.Outcome;
        _ticket = null;
        if (_closeDescription is not null || (isAdmitted && HasLeft()))
        {
            if (isAdmitted) _context.Admission.Return();
            _closeDescription ??= "it has left while it waited";
            return false;
        }
        if (!isAdmitted) _context.Metrics.CountRefused(RefusalKind.ConnectRate);
        // While it waited others may have come.
        var refusal = isAdmitted ? CheckConnect(connect) : new ProtocolError(ReasonCode.ConnectionRateExceeded, "too many clients connect at present");
        if (refusal is not null) Refuse(refusal, connect);
        return refusal is null;
    }

    // What it has sent behind its CONNECT is carried out, even if it has closed its side since.
    private bool HasLeft()
    {
        var input = _transport.Transport.Input;
        if (!input.TryRead(out var result)) return false;
        input.AdvanceTo(result.Buffer.Start);
        return result is { IsCompleted: true, Buffer.IsEmpty: true };
    }

    // With another text where the client is not to know why.
    private void Refuse(ProtocolError refusal, ConnectPacket connect, string? told = null)
    {
        LogRefused(_context.Logger, LogName, Remote, (byte)refusal.Reason, refusal.Description);
        _closeDescription ??= refusal.Description;
        // [MQTT-3.1.4-5] in 3.1.1, [MQTT-3.2.2-7] in 5.0: CONNACK with the reason, then the connection is closed.
        var maximum = connect.MaximumPacketSize ?? uint.MaxValue;
        var connAck = PacketEncoder.Encode(new ConnAckPacket { ReasonCode = refusal.Reason, ReasonString = told ?? refusal.Description }, Version);
        if (connAck.Length > maximum) connAck = PacketEncoder.Encode(new ConnAckPacket { ReasonCode = refusal.Reason }, Version); // [MQTT-3.2.2-19]
        if (connAck.Length <= maximum) SendRaw(connAck); // [MQTT-3.1.2-24]
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask OpenSessionAsync(ConnectPacket connect)
    {
        var session = _context.Grains.GetGrain<ISessionGrain>(SessionKey.Of(ClientId));
        var subscriber = NewSubscriber(connect, _sessionExpiry > 0);
        ConnectOutcome outcome;
        try
        {
            outcome = await session.ConnectAsync(new ConnectRequest
            {
                Gateway = _context.Identity.Name,
                Endpoint = _context.Endpoint!,
                CleanStart = connect.CleanStart,
                SessionExpiry = _sessionExpiry,
                Will = WillOf(connect),
                ReceiveMaximum = subscriber.ReceiveMaximum,
            });
        }
        catch
        {
            _context.Connections.Abandon(ClientId);
            throw;
        }
        (_session, Epoch, _isPersistent, _hasWill) = (session, outcome.Epoch, outcome.Persistent, connect.Will is not null);
        if (outcome.Persistent != subscriber.IsPersistent)
            subscriber = NewSubscriber(connect, outcome.Persistent);
        if (outcome.Persistent)
        {
            _channel = new SessionChannel(session, Epoch, this, _context.Logger);
            subscriber.Operated = _channel.Record;
            subscriber.Unrecorded = () => CloseSoon(ReasonCode.UnspecifiedError, "what it acknowledged could not be recorded");
            _publishes = new Publishing.PublishReceiver(this, _context, _channel, outcome.Inbound);
        }
        subscriber.Overflowed = () => CloseSoon(ReasonCode.QuotaExceeded, "its queue is full");
        if (!TryEnter(subscriber)) return;
        UseRates();
        if (!outcome.Subscriptions.IsEmpty) await OpenSubscriptions().RestoreAsync(outcome.Subscriptions);
        if (HasEnded) return;
        Accept(connect, outcome);
        _context.Routes?.OnConnected(this);
        if (outcome.Persistent) await session.StartAsync(Epoch);
    }

    private Subscriber NewSubscriber(ConnectPacket connect, bool isPersistent) =>
        new(ClientId, connect, isPersistent, _outbox, _context.Guards.Limits, _context.Metrics, _context.Time) { Permissions = Permissions, Mount = Mount };

    private bool TryEnter(Subscriber subscriber)
    {
        lock (_entering)
        {
            if (_context.Connections.TryEnter(this) && !_detached)
            {
                Subscriber = subscriber;
                _context.Metrics.CountConnected(1);
                return true;
            }
            _context.Connections.Remove(this);
            _closeDescription ??= "taken over during the handshake";
            return false;
        }
    }

    // Not at once: whoever finds out is in the midst of delivering, to this client and to others.
    private void CloseSoon(ReasonCode reason, string description) =>
        ThreadPool.UnsafeQueueUserWorkItem(static close => close.Connection.Close(close.Reason, close.Description), (Connection: this, Reason: reason, Description: description), preferLocal: false);

    private void Accept(ConnectPacket connect, ConnectOutcome outcome)
    {
        var (limits, keepAlive) = (_context.Limits, KeepAliveOf(connect, out var serverKeepAlive));
        (_keepAlive, _cleanStart) = (keepAlive, connect.CleanStart);
        var packet = new ConnAckPacket
        {
            ReasonCode = ReasonCode.Success,
            SessionPresent = outcome.SessionPresent && connect.Version != ProtocolVersion.V31,
            SessionExpiryInterval = connect.SessionExpiryInterval is { } wish && wish != _sessionExpiry ? _sessionExpiry : null,
            // The limits may have changed since it came: what holds is what its machine has been told.
            ReceiveMaximum = _protocol.Options.ReceiveMaximum,
            MaximumPacketSize = _protocol.Options.MaximumPacketSize < 268_435_460 ? _protocol.Options.MaximumPacketSize : null,
            AssignedClientIdentifier = connect.ClientId.Length == 0 ? ClientId : null,
            AuthenticationMethod = connect.AuthenticationMethod, // [MQTT-4.12.0-5], [MQTT-4.12.0-6]
            AuthenticationData = _lastData,
            TopicAliasMaximum = _protocol.Options.TopicAliasMaximum,
            MaximumQoS = limits.MaxQoS < QualityOfService.ExactlyOnce ? limits.MaxQoS : null, // [MQTT-3.2.2-9]
            RetainAvailable = limits.RetainAvailable ? null : false,
            WildcardSubscriptionAvailable = limits.WildcardSubscriptionsAvailable ? null : false,
            SharedSubscriptionAvailable = limits.SharedSubscriptionsAvailable ? null : false,
            ServerKeepAlive = serverKeepAlive,
            ResponseInformation = connect.RequestResponseInformation == true && _context.Options.ResponseTopicPrefix is { Length: > 0 } prefix ? $"{prefix}{ClientId}/" : null,
        };
        var connAck = PacketEncoder.Encode(packet, connect.Version);
        if (connAck.Length > connect.MaximumPacketSize)
        {
            Close(ReasonCode.PacketTooLarge, "its maximum packet size leaves no room for CONNACK"); // [MQTT-3.1.2-24]
            return;
        }
        // [MQTT-3.1.2-22]: one and a half times the keep alive; before CONNACK is out, so that it never comes with the limit of the handshake.
        TimeoutTicks = keepAlive == 0 ? 0 : ((keepAlive * 3 + 1) / 2) + limits.KeepAliveGraceSeconds;
        LastReceivedTick = _context.Heartbeat.NextTick;
        _context.Heartbeat.Watch(this);
        // Before CONNACK leaves: what the client does next is told of behind it.
        TellConnected(connect, outcome, keepAlive);
        using (DeliveryBatch.Begin()) Subscriber!.Open(connAck);
        _protocol.Accept();
    }

    private ushort KeepAliveOf(ConnectPacket connect, out ushort? serverKeepAlive)
    {
        var maximum = _context.Limits.MaxKeepAliveSeconds;
        var over = maximum > 0 && connect.Version == ProtocolVersion.V50 && (connect.KeepAlive == 0 || connect.KeepAlive > maximum);
        serverKeepAlive = over ? maximum : null;
        return over ? maximum : connect.KeepAlive; // [MQTT-3.2.2-22]
    }

    private byte[] TopicOf(Will will) => System.Text.Encoding.UTF8.GetBytes(Mount is null ? will.Topic : Mount.Add(will.Topic));

    private WillMessage? WillOf(ConnectPacket connect) => connect.Will is not { } will
        ? null
        : new WillMessage(
            new Message(TopicOf(will), will.ForwardedProperties.Span, will.Payload.Span) { QoS = will.QoS, Retain = will.Retain, Publisher = ClientId },
            will.DelayInterval,
            will.MessageExpiryInterval);
}

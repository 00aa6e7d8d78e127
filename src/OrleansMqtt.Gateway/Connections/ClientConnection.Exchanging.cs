using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Connections;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Connections;

// Enhanced authentication: AUTH packets both ways, before CONNACK and, while everything else goes on, behind it (MQTT 5.0 section 4.12).
internal sealed partial class ClientConnection
{
    // By the method of CONNECT, which stays the same; null without one.
    private IEnhancedAuthenticator? _method;
    private AuthenticationRequest? _shown;
    private IAuthenticationExchange? _exchange;
    private ConnectPacket? _connecting;
    private ReadOnlyMemory<byte>? _lastData;
    // There while a connected client authenticates again.
    private ITimer? _exchangeLimit;
    // Whether it is the broker's turn.
    private volatile bool _isAnswering;

    /// <inheritdoc/>
    public ProtocolError? OnAuthenticate(AuthPacket packet)
    {
        // [MQTT-4.12.0-6], [MQTT-4.12.0-7]
        if (_method is null) return new ProtocolError(ReasonCode.ProtocolError, "AUTH without an Authentication Method in CONNECT");
        // [MQTT-4.12.0-5], [MQTT-4.12.1-1]
        if (packet.AuthenticationMethod != _method.Method) return new ProtocolError(ReasonCode.BadAuthenticationMethod, "AUTH with another method than CONNECT");
        var begins = packet.ReasonCode == ReasonCode.ReAuthenticate;
        if (_protocol.Phase != ConnectionPhase.Connected)
        {
            if (begins) return new ProtocolError(ReasonCode.ProtocolError, "it authenticates again before it has once");
            _waiting = packet;
            _protocol.Pause();
            return null;
        }
        if (_isAnswering || begins == _exchangeLimit is not null) return new ProtocolError(ReasonCode.ProtocolError, "AUTH out of turn"); // [MQTT-4.12.0-3]
        if (begins) BeginAgain();
        _isAnswering = true;
        _ = Task.Run(() => AnswerAsync(packet.AuthenticationData));
        return null;
    }

    private ValueTask BeginExchangeAsync(ConnectPacket connect)
    {
        _method = _authenticators.Find(connect.AuthenticationMethod!)!;
        (_shown, _connecting) = (RequestOf(connect), connect);
        return StepAsync(connect.AuthenticationData);
    }

    // Before CONNACK. The client is read no further until the answer is there.
    private async ValueTask StepAsync(ReadOnlyMemory<byte>? data)
    {
        var connect = _connecting!;
        if (await AskAsync(token => ContinueAsync(data, token), connect) is not { } step) return;
        if (step.Result is { } result)
        {
            (_exchange, _connecting, _lastData) = (null, null, step.Data);
            // The password is not kept.
            _shown = _shown! with { Password = null };
            if (await TakeAsync(result, connect)) await AdmitAsync(connect);
            return;
        }
        var auth = EncodeAuth(ReasonCode.ContinueAuthentication, step.Data); // [MQTT-4.12.0-2]
        if (auth.Length > connect.MaximumPacketSize)
        {
            Refuse(new ProtocolError(ReasonCode.PacketTooLarge, "its maximum packet size leaves no room for AUTH"), connect); // [MQTT-3.1.2-24]
            return;
        }
        SendRaw(auth);
        _protocol.Resume();
    }

    private Task<AuthenticationStep> ContinueAsync(ReadOnlyMemory<byte>? data, CancellationToken cancellationToken) =>
        (_exchange ??= _method!.Begin(_shown!)).ContinueAsync(data, cancellationToken).AsTask();

    private byte[] EncodeAuth(ReasonCode reason, ReadOnlyMemory<byte>? data) =>
        PacketEncoder.Encode(new AuthPacket { ReasonCode = reason, AuthenticationMethod = _method!.Method, AuthenticationData = data }, ProtocolVersion.V50);

    private void BeginAgain()
    {
        _shown = _shown! with { ClientId = ClientId };
        _exchangeLimit = _context.Time.CreateTimer(
            static connection => ((ClientConnection)connection!).Close(ReasonCode.NotAuthorized, "it has not authenticated again in time"), this,
            TimeSpan.FromSeconds(_context.Limits.ConnectTimeoutSeconds), Timeout.InfiniteTimeSpan);
    }

    private async Task AnswerAsync(ReadOnlyMemory<byte>? data)
    {
        try
        {
            var token = Leaving;
            var step = await ContinueAsync(data, token).WaitAsync(token);
            if (step.Result is { } result) await EndAgainAsync(result, step.Data);
            else SendAuth(ReasonCode.ContinueAuthentication, step.Data);
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // Nobody waits for the answer.
        }
#pragma warning disable CA1031 // Whatever it is: who is not known again is not served.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotAuthenticated(_context.Logger, exception, LogName, Remote);
            Close(ReasonCode.UnspecifiedError, "an authenticator failed"); // [MQTT-4.12.1-2]
        }
    }

    private async Task EndAgainAsync(AuthenticationResult result, ReadOnlyMemory<byte>? data)
    {
        await _exchangeLimit!.DisposeAsync();
        (_exchange, _exchangeLimit) = (null, null);
        var refusal = Check(result, ClientId);
        // Its session and what waits for it are the former user's.
        if (refusal is null && result.Identity!.UserName != Identity.UserName) refusal = new ProtocolError(ReasonCode.NotAuthorized, "it is somebody else now");
        if (refusal is not null)
        {
            CountUnknown(refusal.Reason);
            Close(ReasonCodes.IsAllowed(PacketType.Disconnect, refusal.Reason, PublishOrigin.Server) ? refusal.Reason : ReasonCode.NotAuthorized, refusal.Description); // [MQTT-4.12.1-2]
            return;
        }
        Become(result.Identity!);
        Permissions?.Become(Identity);
        if (!HasEnded) _context.Heartbeat.Watch(this);
        await ReviewAsync();
        SendAuth(ReasonCode.Success, data);
    }

    private void SendAuth(ReasonCode reason, ReadOnlyMemory<byte>? data)
    {
        var auth = EncodeAuth(reason, data);
        if (auth.Length > Subscriber!.MaximumPacketSize)
        {
            Close(ReasonCode.PacketTooLarge, "its maximum packet size leaves no room for AUTH"); // [MQTT-3.1.2-24]
            return;
        }
        // Before the client can have the answer.
        _isAnswering = false;
        using var batch = DeliveryBatch.Begin();
        Subscriber.Write(auth);
    }
}

using System.Net;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Listeners;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Connections;

// Who the client is.
internal sealed partial class ClientConnection
{
    // What clients are told of it: not what was wrong.
    private const string NotKnown = "it is not known";
    private readonly AuthenticationChain _authenticators;
    private CancellationTokenSource? _leaving;
    private volatile bool _watchEnds;
    // What it says that it is called, until it is known.
    private string? _userName;

    /// <summary>Who the client is; nobody in particular before that is known.</summary>
    public ClientIdentity Identity { get; private set; } = ClientIdentity.Anonymous;

    /// <summary>What it may do; null where everybody may do everything, and before CONNACK.</summary>
    public ClientPermissions? Permissions { get; private set; }

    /// <summary>The client and its user, for the log.</summary>
    public string LogName => LogText.Of(ClientId, _userName);

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Leaving
    {
        get
        {
            var source = LazyInitializer.EnsureInitialized(ref _leaving);
            // It ends at this very moment: whoever ends it has either seen the source or is seen here.
            Interlocked.MemoryBarrier();
            if (HasEnded || _closeDescription is not null) source.Cancel();
            return source.Token;
        }
    }

    /// <summary>Address of the client.</summary>
    public EndPoint? Address => _client ?? _transport.RemoteEndPoint;

    /// <summary>What its transport shows of the client; null for nothing.</summary>
    public IClientProof? Proof => ClientProof.Of(_transport);

    // Callbacks of others are not for this thread.
    private void CancelWork() => _ = Volatile.Read(ref _leaving)?.CancelAsync();

    private async ValueTask<bool> AuthenticateAsync(ConnectPacket connect)
    {
        if (_authenticators.IsOpen)
        {
            if (connect.UserName is not null) LogNotAsked(_context.Logger, LogName, Remote);
            _userName = null;
            return true;
        }
        var request = RequestOf(connect);
        return await AskAsync(token => _authenticators.AuthenticateAsync(request, token).AsTask(), connect) is { } result && await TakeAsync(result, connect);
    }

    private AuthenticationRequest RequestOf(ConnectPacket connect)
    {
        var proof = Proof;
        return new AuthenticationRequest
        {
            ClientId = ClientId,
            UserName = connect.UserName,
            Password = connect.Password,
            Listener = _listener.Name,
            Remote = Address,
            Certificate = proof?.Certificate,
            Peer = proof?.Peer,
            Version = connect.Version,
        };
    }

    // Asks a user's code on the pool, as long as the client is there and its time is not over. Default where it is, or where the code fails.
    private async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> ask, ConnectPacket connect) where T : struct
    {
        var (token, watch) = (Leaving, WatchAsync());
        try
        {
            // Code that does not look at the token is waited for no longer either.
            var answer = await Task.Run(() => ask(token), token).WaitAsync(token);
            return _closeDescription is null ? answer : null;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            _closeDescription ??= "it has left before it was known";
            return null;
        }
#pragma warning disable CA1031 // Whatever it is: the client is refused, and may try again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotAuthenticated(_context.Logger, exception, LogName, Remote);
            _context.SecurityMetrics.CountRefused(ReasonCode.ServerUnavailable);
            Refuse(new ProtocolError(ReasonCode.ServerUnavailable, NotKnown), connect);
            return null;
        }
        finally
        {
            await EndWatchAsync(watch);
        }
    }

    // What follows CONNECT stays where it is; only its end is noticed.
    private async Task WatchAsync()
    {
        _watchEnds = false;
        try
        {
            var input = _transport.Transport.Input;
            while (!_watchEnds)
            {
                var result = await input.ReadAsync();
                var (isEmpty, isCompleted) = (result.Buffer.IsEmpty, result.IsCompleted);
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                if (isEmpty && isCompleted) CancelWork();
                if (isCompleted || !isEmpty) return;
            }
        }
        catch (Exception exception) when (exception is IOException or Microsoft.AspNetCore.Connections.ConnectionAbortedException or OperationCanceledException or ObjectDisposedException)
        {
            CancelWork();
        }
    }

    private async Task EndWatchAsync(Task watch)
    {
        _watchEnds = true;
        _transport.Transport.Input.CancelPendingRead();
        await watch;
        // What it has seen counts as looked at: this makes the next read return it.
        _transport.Transport.Input.CancelPendingRead();
    }

    // False where the client is refused.
    private async ValueTask<bool> TakeAsync(AuthenticationResult result, ConnectPacket connect)
    {
        if (Check(result, connect.ClientId.Length == 0 ? null : connect.ClientId) is { } refusal)
        {
            await RefuseUnknownAsync(refusal, connect);
            return false;
        }
        Become(result.Identity!);
        if (result.Identity!.ClientId is { } own) ClientId = own;
        // It took a while: others may have come.
        if (CheckConnect(connect) is not { } other) return true;
        Refuse(other, connect);
        return false;
    }

    private void Become(ClientIdentity identity)
    {
        (Identity, _userName) = (identity, identity.UserName);
        ExpiryTick = identity.ExpiresAt is { } end ? _context.Heartbeat.TickAt(end) : long.MaxValue;
    }

    // Why it is refused, for the log.
    private ProtocolError? Check(AuthenticationResult result, string? clientId)
    {
        if (result.Identity is not { } identity)
        {
            var reason = result.Refusal ?? ReasonCode.NotAuthorized;
            return new ProtocolError(reason.IsFailure() && ReasonCodes.IsAllowed(PacketType.ConnAck, reason, PublishOrigin.Server) ? reason : ReasonCode.NotAuthorized, result.Reason ?? NotKnown);
        }
        if (identity.ClientId is { } own && clientId is not null && own != clientId) return new ProtocolError(ReasonCode.ClientIdentifierNotValid, "the client identifier is not its own");
        return identity.ExpiresAt <= _context.Time.GetUtcNow() ? new ProtocolError(ReasonCode.NotAuthorized, "what proves its identity has expired") : null;
    }

    private async Task RefuseUnknownAsync(ProtocolError refusal, ConnectPacket connect)
    {
        if (CountUnknown(refusal.Reason))
        {
            try
            {
                var watch = WatchAsync();
                try
                {
                    await Task.Delay(_context.Options.Authentication.FailureDelay, _context.Time, Leaving);
                }
                finally
                {
                    await EndWatchAsync(watch);
                }
            }
            catch (OperationCanceledException)
            {
                _closeDescription ??= refusal.Description;
                LogRefused(_context.Logger, LogName, Remote, (byte)refusal.Reason, refusal.Description);
                return;
            }
        }
        if (_closeDescription is null) Refuse(refusal, connect, NotKnown);
    }

    // Returns whether it is the client's fault.
    private bool CountUnknown(ReasonCode reason)
    {
        _context.SecurityMetrics.CountRefused(reason);
        if (reason is ReasonCode.ServerUnavailable or ReasonCode.ServerBusy) return false;
        if (_context.Authenticators.Bans.CountFailure(Address)) LogBanned(_context.Logger, Remote, _context.Options.Authentication.Ban.For);
        return true;
    }

    private async ValueTask<bool> MayLeaveWillAsync(ConnectPacket connect)
    {
        if (_context.Authorization is null) return true;
        Permissions = new ClientPermissions(_context, ClientId, Identity);
        if (WillOf(connect) is not { } will) return true;
        var token = Leaving;
        var mayLeave = await AskAsync(_ => Permissions.MayLeaveAsync(will.Message, token), connect);
        if (mayLeave != false) return mayLeave is not null;
        Permissions.CountDenied(TopicAction.Publish, will.Message.Topic, ReasonCode.NotAuthorized);
        Refuse(new ProtocolError(ReasonCode.NotAuthorized, "its will is not allowed"), connect);
        return false;
    }

    /// <summary>Decides again what it is subscribed to. Where that cannot be decided it is closed, so that it is when it comes again: nothing of its session is lost.</summary>
    public async Task ReviewAsync()
    {
        if (HasEnded || _subscriptions is not { } subscriptions) return;
        try
        {
            await subscriptions.ReviewAsync();
        }
        catch (OperationCanceledException) when (HasEnded)
        {
            // The client is gone.
        }
#pragma warning disable CA1031 // Whatever it is: what may not be allowed any more does not go on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotReviewed(_context.Logger, exception, LogName);
            Close(ReasonCode.ServerBusy, "whether it may keep its subscriptions could not be decided");
        }
    }
}

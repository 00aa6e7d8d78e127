using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

/// <inheritdoc cref="ISessionGrain"/>
internal sealed partial class SessionGrain(
    [PersistentState("session")] IPersistentState<SessionState> state, SessionServices services, ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private ConnectRequest? _connection;
    private SessionOutbound? _outbound;
    private long _epoch;
    // The latest connection is over, and what its end leaves is not all stored yet.
    private bool _unsettled;
    // A write of the document may be there whose answer was not: under an ETag that is not known here.
    private bool _isUnsure;
    private IGrainTimer? _retry;
    // The latest connection was another activation's, which died without a word. Its gateway may live, and the client waits there for messages that nobody pushes any more.
    private bool _isLeftBehind;
    // Whether this activation knows of all connections that its client may have.
    private bool _isSure;

    private string ClientId => SessionKey.ClientIdOf(this.GetPrimaryKeyString());

    private SessionState State => state.State;

    private long Now => services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _epoch = State.Epoch;
        if (!state.RecordExists) return;
        _isSure = true;
        if (services.HasOtherGateways) await FenceAsync();
        // Whoever had the connection died without a word: it counts as lost now, and everything as sent, so that it comes again with DUP.
        if (State.DisconnectedAt == 0)
        {
            (State.DisconnectedAt, State.SentBefore, _unsettled) = (Now, long.MaxValue, true);
            _isLeftBehind = services.HasOtherGateways;
            // Not at once: if it is the gateway that calls, it says how the connection ended.
            if (_isLeftBehind) SettleLater();
        }
        // Or the end of its connection was stored, and no more.
        else _unsettled = State.Will is { Delay: 0 };
        if (!State.IsPersistent) return;
        await OpenOutboundAsync();
        State.SentBefore = _outbound!.SentBefore;
    }

    // From here on no activation before this one writes the document, nor, when the log has been opened, the log.
    private Task FenceAsync()
    {
        if (State.Writers == SessionOutbound.MaximumWriters) return Task.CompletedTask;
        State.Writers++;
        return state.WriteStateAsync();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        ForgetUnstored();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ConnectOutcome> ConnectAsync(ConnectRequest request)
    {
        await EndPreviousAsync();
        if (state.RecordExists && (request.CleanStart || !State.IsPersistent || State.HasExpired(Now))) await EndSessionAsync();
        var present = state.RecordExists;
        // Time enters the epoch so that it rises even where no document of an earlier session is left.
        var epoch = Math.Max(_epoch + 1, Now << 10);
        if (!_isSure && services.Survey is { IsInDoubt: true } survey) epoch = await survey.CloseFormerAsync(ClientId, epoch); // [MQTT-3.1.4-3]
        (_isSure, _epoch, _connection) = (true, epoch, request);
        // The connection is known here only: an activation collected for want of calls would forget its will and who is to be closed at a takeover.
        DelayDeactivation(TimeSpan.MaxValue);
        try
        {
            return await OpenSessionAsync(request, present);
        }
        catch
        {
            // What is stored decides: the next call meets an activation that has read it.
            _connection = null;
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task EndPreviousAsync()
    {
        try
        {
            if (_connection is { } previous)
            {
                await ClosePreviousAsync(previous); // [MQTT-3.1.4-3]
                await EndConnectionAsync(publishWill: true);
            }
            else if (_unsettled)
            {
                await CloseLeftBehindAsync(ReasonCode.SessionTakenOver); // [MQTT-3.1.4-3]
                await SettleEndAsync();
            }
            else if (State.WillTime() <= Now)
            {
                // Its time has come, and nobody has told this grain yet: the client is too late to cancel it [MQTT-3.1.3-9].
                await PublishWillAsync();
            }
        }
        catch (Exception exception) when (_unsettled)
        {
            // The client that is refused for it may not come again.
            RetrySettling(exception);
            throw;
        }
    }

    private async Task<ConnectOutcome> OpenSessionAsync(ConnectRequest request, bool present)
    {
        var persistent = present || request.SessionExpiry > 0;
        // A clean session leaves no trace, unless it has a will that must outlive this process.
        if (!persistent && request.Will is null)
        {
            services.Unstored?.Add(request.Gateway, ClientId, _epoch);
            return new ConnectOutcome { Epoch = _epoch };
        }
        // First the list that is gone through when this gateway dies, then the session itself: what the list has too much does no harm.
        await services.Connections.AddAsync(request.Gateway, new StoredConnection(ClientId, _epoch));
        (State.Epoch, State.Writers, State.Expiry, State.DisconnectedAt, State.IsPersistent, State.Gateway) = (_epoch, 0, request.SessionExpiry, 0, persistent, request.Gateway);
        State.Will = request.Will is { } will ? StoredWill.Of(will) : null;
        await state.WriteStateAsync();
        if (!persistent) return new ConnectOutcome { Epoch = _epoch };
        // Those that come up meanwhile carry a past epoch.
        if (present) await CancelDeadlinesAsync();
        await OpenOutboundAsync();
        return new ConnectOutcome
        {
            Epoch = _epoch,
            SessionPresent = present, // [MQTT-3.2.2-2], [MQTT-3.2.2-3]
            Persistent = true,
            Subscriptions = [.. State.Subscriptions.Values],
            Inbound = present ? await _outbound!.ReadInboundAsync() : [],
        };
    }

    /// <inheritdoc/>
    public Task StartAsync(long epoch)
    {
        if (epoch == _epoch && _connection is { } connection) _outbound?.Start(connection.Endpoint, connection.ReceiveMaximum);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(long epoch, DisconnectRequest request)
    {
        if (epoch != _epoch || (_connection is null && !_isLeftBehind)) return;
        try
        {
            await EndConnectionAsync(request.PublishWill, request.SessionExpiry);
        }
#pragma warning disable CA1031 // Whatever kept it from being stored, it is tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            RetrySettling(exception);
            return;
        }
        if (!state.RecordExists) DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task<bool> SubscribeAsync(long epoch, ImmutableArray<SessionSubscription> subscriptions)
    {
        if (epoch != _epoch || _connection is null) return false;
        foreach (var subscription in subscriptions) State.Subscriptions[subscription.Filter] = subscription;
        await state.WriteStateAsync();
        await services.ChangeRoutesAsync(ClientId, subscriptions, removed: false);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> UnsubscribeAsync(long epoch, ImmutableArray<string> filters)
    {
        if (epoch != _epoch || _connection is null) return false;
        var ended = new List<SessionSubscription>();
        foreach (var filter in filters)
            if (State.Subscriptions.Remove(filter, out var subscription)) ended.Add(subscription);
        await state.WriteStateAsync();
        await services.ChangeRoutesAsync(ClientId, ended, removed: true);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> DeliverAsync(ImmutableArray<SessionLogEntry> entries)
    {
        if (_outbound is not { } outbound || !state.RecordExists) return false;
        await outbound.AppendAsync(entries);
        return true;
    }

    /// <inheritdoc/>
    public Task<bool> HasLaterConnectionAsync(long epoch) => Task.FromResult(_epoch > epoch);

    /// <inheritdoc/>
    public Task<int> CountAsync() => Task.FromResult(_outbound?.Count ?? 0);

    /// <inheritdoc/>
    public async Task<bool> OperateAsync(long epoch, ImmutableArray<SessionOperation> operations)
    {
        if (epoch != _epoch || _connection is null || _outbound is null) return false;
        return await _outbound.ApplyAsync(epoch, operations);
    }

    /// <inheritdoc/>
    public Task<bool> ConfirmAsync(long epoch, string gateway, IGatewayEndpoint endpoint)
    {
        if (_connection is { } connection) return Task.FromResult(epoch == _epoch && gateway == connection.Gateway);
        if (state.RecordExists || epoch <= _epoch) return Task.FromResult(false);
        (_isSure, _epoch, _connection) = (true, epoch, new ConnectRequest { Gateway = gateway, Endpoint = endpoint });
        DelayDeactivation(TimeSpan.MaxValue);
        services.Unstored?.Add(gateway, ClientId, epoch);
        return Task.FromResult(true);
    }

    /// <inheritdoc/>
    public async Task ConnectionLostAsync(long epoch, string? gateway = null)
    {
        if (_connection is { } unstored && !state.RecordExists && epoch == _epoch && gateway == unstored.Gateway)
        {
            services.TellLost(ClientId, epoch, gateway);
            await EndConnectionAsync(publishWill: false);
            DeactivateOnIdle();
            return;
        }
        if (epoch != State.Epoch || (_connection is not null && (epoch != _epoch || gateway != _connection.Gateway)) || !state.RecordExists) return;
        if (_connection is not null || _unsettled) services.TellLost(ClientId, epoch, gateway);
        try
        {
            // The gateway may have died and this activation not.
            if (_connection is not null) await EndConnectionAsync(publishWill: true);
            else await SettleEndAsync();
        }
        catch (Exception exception) when (_unsettled)
        {
            RetrySettling(exception);
            throw;
        }
        if (!state.RecordExists) DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public async Task DueAsync(DeadlineKind kind, long epoch)
    {
        if (_connection is not null || !state.RecordExists) return;
        if (epoch != _epoch)
        {
            // Of a past connection, and may stand where the latest one's should: a deadline grain that was paused and replaced can set what it was asked for long ago.
            if (!_unsettled) await SetDeadlinesAsync();
        }
        else if (kind == DeadlineKind.SessionExpiry)
        {
            if (!State.HasExpired(Now)) return;
            await EndSessionAsync();
            DeactivateOnIdle();
        }
        else
        {
            await PublishWillAsync();
        }
    }

    private async Task OpenOutboundAsync()
    {
        _outbound ??= services.CreateOutbound(ClientId, logger);
        _outbound.Overflowed = () => _ = _connection is { } connection ? CloseAsync(connection, ReasonCode.QuotaExceeded) : Task.CompletedTask;
        _outbound.Failed = () => _ = _connection is { } connection ? CloseAsync(connection, ReasonCode.UnspecifiedError) : Task.CompletedTask;
        _outbound.HasShared |= State.Subscriptions.Keys.Any(Protocol.Topics.SharedFilter.IsShared);
        await _outbound.OpenAsync(_epoch, State.Writers, Math.Max(State.SentBefore, _outbound.SentBefore));
    }

    private async Task CloseAsync(ConnectRequest connection, ReasonCode reason)
    {
        try
        {
            await connection.Endpoint.CloseAsync(ClientId, _epoch, reason);
        }
#pragma warning disable CA1031 // A gateway that can't be reached has no connection that could do harm: its calls carry a past epoch.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogCloseFailed(logger, exception, ClientId, connection.Gateway);
        }
    }

    // A gateway that can't be reached goes on serving the client until its lease is over: until then nobody else may. The client is refused and tries again.
    private async Task ClosePreviousAsync(ConnectRequest previous)
    {
        if (await services.IsGoneAsync(previous.Gateway)) return;
        try
        {
            await services.AnswersAsync(previous.Gateway, previous.Endpoint.CloseAsync(ClientId, _epoch, ReasonCode.SessionTakenOver));
        }
#pragma warning disable CA1031 // An embedded gateway that fails has no connection that could do harm: its calls carry a past epoch.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogCloseFailed(logger, exception, ClientId, previous.Gateway);
            if (services.HasOtherGateways && !await services.IsGoneAsync(previous.Gateway)) throw;
        }
    }

    [LoggerMessage(2, LogLevel.Error, "Client {ClientId}: what the end of its connection leaves could not be stored; trying again in 1 s.")]
    private static partial void LogSettleFailed(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(1, LogLevel.Warning, "Client {ClientId}: gateway {Gateway} did not answer when its connection was to be closed.")]
    private static partial void LogCloseFailed(ILogger logger, Exception exception, string clientId, string gateway);
}

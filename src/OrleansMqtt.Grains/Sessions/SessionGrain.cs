using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Diagnostics;
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
    private ConnectRequest? _connection;
    private SessionOutbound? _outbound;
    private long _epoch;

    private string ClientId => SessionKey.ClientIdOf(this.GetPrimaryKeyString());

    private SessionState State => state.State;

    private long Now => services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _epoch = State.Epoch;
        if (!state.RecordExists) return;
        // A silo that died had no time to note that the connection ended, nor how much was sent: count from now, send all with DUP.
        if (State.DisconnectedAt == 0) (State.DisconnectedAt, State.SentBefore) = (Now, long.MaxValue);
        await OpenOutboundAsync();
    }

    /// <inheritdoc/>
    public async Task<ConnectOutcome> ConnectAsync(ConnectRequest request)
    {
        if (_connection is { } previous)
        {
            await CloseAsync(previous, ReasonCode.SessionTakenOver); // [MQTT-3.1.4-3]
            await EndConnectionAsync(publishWill: true);
        }
        if (state.RecordExists && (request.CleanStart || State.HasExpired(Now))) await EndSessionAsync();
        var present = state.RecordExists;
        // Time enters the epoch so that it rises even where no document of an earlier session is left.
        _epoch = Math.Max(_epoch + 1, Now << 10);
        _connection = request;
        // The connection is known here only: an activation collected for want of calls would forget its will and who is to be closed at a takeover.
        DelayDeactivation(TimeSpan.MaxValue);
        var persistent = present || request.SessionExpiry > 0;
        if (!persistent) return new ConnectOutcome { Epoch = _epoch };
        if (present) await CancelDeadlinesAsync();
        (State.Epoch, State.Expiry, State.DisconnectedAt, State.Will) = (_epoch, request.SessionExpiry, 0, null);
        await state.WriteStateAsync();
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
        if (epoch != _epoch || _connection is null) return;
        await EndConnectionAsync(request.PublishWill, request.SessionExpiry);
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
    public Task<int> CountAsync() => Task.FromResult(_outbound?.Count ?? 0);

    /// <inheritdoc/>
    public async Task<bool> OperateAsync(long epoch, ImmutableArray<SessionOperation> operations)
    {
        if (epoch != _epoch || _connection is null || _outbound is null) return false;
        await _outbound.ApplyAsync(operations);
        return true;
    }

    /// <inheritdoc/>
    public async Task DueAsync(DeadlineKind kind, long epoch)
    {
        if (epoch != _epoch || _connection is not null || !state.RecordExists) return;
        if (kind == DeadlineKind.SessionExpiry)
        {
            if (!State.HasExpired(Now)) return;
            await EndSessionAsync();
            DeactivateOnIdle();
        }
        else if (State.Will is { } will)
        {
            await services.PublishWillAsync(GrainFactory, ClientId, will.ToWill(), logger);
            State.Will = null;
            await state.WriteStateAsync();
        }
    }

    private async Task OpenOutboundAsync()
    {
        _outbound ??= services.CreateOutbound(ClientId, logger);
        _outbound.Overflowed = () => _ = _connection is { } connection ? CloseAsync(connection, ReasonCode.QuotaExceeded) : Task.CompletedTask;
        _outbound.Failed = () => _ = _connection is { } connection ? CloseAsync(connection, ReasonCode.UnspecifiedError) : Task.CompletedTask;
        _outbound.HasShared |= State.Subscriptions.Keys.Any(Protocol.Topics.SharedFilter.IsShared);
        await _outbound.OpenAsync(_epoch, Math.Max(State.SentBefore, _outbound.SentBefore));
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

    // What the end of a connection leaves: nothing, or a session that waits for its client and perhaps a will that waits for its time.
    private async Task EndConnectionAsync(bool publishWill, uint? sessionExpiry = null)
    {
        var connection = _connection!;
        _connection = null;
        DelayDeactivation(TimeSpan.Zero);
        var will = publishWill ? connection.Will : null;
        if (_outbound is not null)
        {
            _outbound.Stop();
            await _outbound.ReturnSharedAsync(entry => services.Router.Redeliver(entry.Group!, entry.Message, ClientId));
        }
        if (!state.RecordExists)
        {
            // [MQTT-3.1.2-8], [MQTT-3.1.3-9]: the session ends with the connection, so the will does not wait.
            if (will is not null) await services.PublishWillAsync(GrainFactory, ClientId, will, logger);
            return;
        }
        State.Expiry = sessionExpiry ?? State.Expiry;
        State.DisconnectedAt = Now;
        State.SentBefore = _outbound?.SentBefore ?? 0;
        State.Will = will is null ? null : StoredWill.Of(will);
        if (State.Expiry == 0)
        {
            await EndSessionAsync();
            return;
        }
        var deadlines = services.Deadlines.Of(ClientId);
        if (will is { Delay: 0 })
        {
            await services.PublishWillAsync(GrainFactory, ClientId, will, logger);
            State.Will = null;
        }
        await state.WriteStateAsync();
        if (State.Will is not null) await deadlines.SetAsync(ClientId, DeadlineKind.Will, Now + Math.Min(State.Will.Delay, State.Expiry) * 1000L, _epoch);
        if (State.Expiry != ConnectRequest.NeverExpires) await deadlines.SetAsync(ClientId, DeadlineKind.SessionExpiry, Now + State.Expiry * 1000L, _epoch);
    }

    private async Task EndSessionAsync()
    {
        await CancelDeadlinesAsync();
        await services.RemoveRoutesAsync(ClientId, State.Subscriptions.Values);
        // [MQTT-3.1.3-9]: a will that still waits is published when its session ends.
        if (State.Will is { } will) await services.PublishWillAsync(GrainFactory, ClientId, will.ToWill(), logger);
        if (_outbound is { } outbound)
        {
            _outbound = null;
            await outbound.DeleteAsync();
        }
        await state.ClearStateAsync();
        state.State = new SessionState();
    }

    private async Task CancelDeadlinesAsync()
    {
        var deadlines = services.Deadlines.Of(ClientId);
        await deadlines.ClearAsync(ClientId, DeadlineKind.Will);
        await deadlines.ClearAsync(ClientId, DeadlineKind.SessionExpiry);
    }

    [LoggerMessage(1, LogLevel.Warning, "Client {ClientId}: gateway {Gateway} did not answer when its connection was to be closed.")]
    private static partial void LogCloseFailed(ILogger logger, Exception exception, string clientId, string gateway);
}

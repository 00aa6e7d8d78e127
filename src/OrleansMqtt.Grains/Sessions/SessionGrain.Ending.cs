using Orleans.Storage;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

// How a connection ends, and a session: every step may fail, and is tried again.
internal sealed partial class SessionGrain
{
    private void ForgetUnstored()
    {
        if (_connection is { } connection && !state.RecordExists) services.Unstored?.Remove(connection.Gateway, ClientId, _epoch);
    }

    private async Task EndConnectionAsync(bool publishWill, uint? sessionExpiry = null)
    {
        ForgetUnstored();
        _connection = null;
        DelayDeactivation(TimeSpan.Zero);
        _outbound?.Stop();
        if (state.RecordExists)
        {
            // Whatever fails from here on is tried again.
            _unsettled = true;
            State.Expiry = sessionExpiry ?? State.Expiry;
            State.DisconnectedAt = Now;
            // Of one that was left behind everything may have been sent.
            if (!_isLeftBehind) State.SentBefore = _outbound?.SentBefore ?? 0;
            if (!publishWill) State.Will = null;
        }
        if (_outbound is not null) await _outbound.ReturnSharedAsync(entry => services.Router.Redeliver(entry.Group!, entry.Message, ClientId));
        if (_unsettled) await SettleEndAsync();
    }

    private async Task SettleEndAsync()
    {
        var (gateway, ended) = (State.Gateway, new StoredConnection(ClientId, State.Epoch));
        try
        {
            if (!_isUnsure || await ReadAgainAsync()) await StoreEndAsync();
            _isUnsure = false;
            await services.Connections.RemoveAsync(gateway, ended);
        }
        catch
        {
            _isUnsure = true;
            throw;
        }
        (_unsettled, _isLeftBehind) = (false, false);
    }

    // Its client is to connect again: to an activation that knows it.
    private async Task CloseLeftBehindAsync(ReasonCode reason)
    {
        if (!_isLeftBehind) return;
        if (await services.FindGatewayAsync(State.Gateway) is { } gateway) await services.AnswersAsync(State.Gateway, gateway.CloseAsync(ClientId, State.Epoch, reason));
        _isLeftBehind = false;
    }

    // What is stored knows less than this activation does. False when there is nothing left to store: the write without an answer was the removal,
    // or a later connection is stored.
    private async Task<bool> ReadAgainAsync()
    {
        var known = State;
        await state.ReadStateAsync();
        if (!state.RecordExists || State.Epoch != known.Epoch) return false;
        if (State.Writers != known.Writers)
        {
            DeactivateOnIdle();
            throw new InconsistentStateException($"The session of {ClientId} has another activation, which settles what is left.");
        }
        state.State = known;
        return true;
    }

    // What the end of a connection leaves: nothing, or a session that waits for its client and perhaps a will that waits for its time.
    // Every step may be the last one before a crash: the connection leaves the list of its gateway at the end, so that it is gone through again.
    private async Task StoreEndAsync()
    {
        if (State.Expiry == 0)
        {
            // [MQTT-3.1.2-8], [MQTT-3.1.3-9]: the session ends with the connection, so the will does not wait.
            await EndSessionAsync();
        }
        else
        {
            await state.WriteStateAsync();
            await SetDeadlinesAsync();
            if (State.Will is { Delay: 0 }) await PublishWillAsync();
        }
    }

    private async Task SetDeadlinesAsync()
    {
        var deadlines = services.Deadlines.Of(ClientId);
        if (State.ExpiryTime() is { } expiry) await deadlines.SetAsync(ClientId, DeadlineKind.SessionExpiry, expiry, _epoch);
        if (State.Will is { Delay: > 0 } && State.WillTime() is { } due) await deadlines.SetAsync(ClientId, DeadlineKind.Will, due, _epoch);
    }

    // The store does not answer, say: nobody waits for the end of a connection, so it is settled as soon as it can be.
    private void RetrySettling(Exception failure)
    {
        LogSettleFailed(logger, failure, ClientId);
        SettleLater();
    }

    private void SettleLater() =>
        _retry ??= this.RegisterGrainTimer(SettleAgainAsync, new GrainTimerCreationOptions(RetryAfter, RetryAfter) { KeepAlive = true });

    private async Task SettleAgainAsync()
    {
        try
        {
            if (_unsettled && _connection is null)
            {
                await CloseLeftBehindAsync(ReasonCode.ServerBusy);
                await SettleEndAsync();
            }
        }
#pragma warning disable CA1031 // The next tick tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogSettleFailed(logger, exception, ClientId);
            return;
        }
        _retry?.Dispose();
        _retry = null;
        if (_connection is null && !state.RecordExists) DeactivateOnIdle();
    }

    // The document forgets the will when everybody has it. What a crash in between makes come twice bears the same identity.
    private async Task PublishWillAsync()
    {
        if (State.Will is not { } will) return;
        await services.PublishWillAsync(GrainFactory, ClientId, will.ToWill(), State.Epoch);
        State.Will = null;
        await state.WriteStateAsync();
    }

    private async Task EndSessionAsync()
    {
        await CancelDeadlinesAsync();
        await services.RemoveRoutesAsync(ClientId, State.Subscriptions.Values);
        // [MQTT-3.1.3-9]: a will that still waits is published when its session ends.
        if (State.Will is { } will) await services.PublishWillAsync(GrainFactory, ClientId, will.ToWill(), State.Epoch);
        await DeleteOutboundAsync();
        await state.ClearStateAsync();
        state.State = new SessionState();
    }

    private async Task DeleteOutboundAsync()
    {
        if (_outbound is not { } outbound) return;
        // Nothing is taken any more while it goes.
        _outbound = null;
        try
        {
            await outbound.DeleteAsync();
        }
        catch
        {
            _outbound = outbound;
            throw;
        }
    }

    private async Task CancelDeadlinesAsync()
    {
        var deadlines = services.Deadlines.Of(ClientId);
        await deadlines.ClearAsync(ClientId, DeadlineKind.Will);
        await deadlines.ClearAsync(ClientId, DeadlineKind.SessionExpiry);
    }
}

using OrleansMqtt.Deadlines;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Sessions;

// How what the end of a connection leaves is stored, and tried again until it is.
internal sealed partial class SessionGrain
{
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
        if (await services.FindGatewayAsync(State.Gateway) is { } gateway) await gateway.CloseAsync(ClientId, State.Epoch, reason);
        _isLeftBehind = false;
    }

    // What is stored knows less than this activation does. False when there is nothing left to store: the write without an answer was the removal,
    // or a later connection is stored.
    private async Task<bool> ReadAgainAsync()
    {
        var known = State;
        await state.ReadStateAsync();
        if (!state.RecordExists || State.Epoch != known.Epoch) return false;
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
            var deadlines = services.Deadlines.Of(ClientId);
            if (State.ExpiryTime() is { } expiry) await deadlines.SetAsync(ClientId, DeadlineKind.SessionExpiry, expiry, _epoch);
            if (State.Will is { Delay: > 0 } && State.WillTime() is { } due) await deadlines.SetAsync(ClientId, DeadlineKind.Will, due, _epoch);
            else await PublishWillAsync();
        }
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
}

using System.Diagnostics.CodeAnalysis;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

internal sealed partial class MembershipAgent
{
    [SuppressMessage("Design", "CA1031", Justification = "A table may fail with anything. What that means is that the lease is not renewed, and the next round comes.")]
    private async Task<TimeSpan> RoundAsync()
    {
        try
        {
            var sent = _time.GetTimestamp();
            var isRenewed = !IsOnlyWatching(sent) && await TryRenewAsync(sent).ConfigureAwait(false);
            var readAt = _time.GetTimestamp();
            var table = await BoundAsync(_table.ReadAll()).ConfigureAwait(false);
            var received = _time.GetTimestamp();
            if (!Accept(table))
            {
                return _timing.RetryPeriod;
            }

            if (isRenewed)
            {
                _problem = null;
                Renew(sent);
            }

            // Seen from another round, the table has changed: by this silo, or under its hands.
            var change = await ChangeAsync(table, _observer.Observe(table, readAt, received)).ConfigureAwait(false);
            if (change == TableChange.Done)
            {
                _loop.Poke();
            }

            return isRenewed && change == TableChange.None && _claims.IsSettled && !_observer.IsAnyoneLate ? _timing.RenewPeriod : _timing.RetryPeriod;
        }
        catch (Exception exception)
        {
            Note(exception);
            return _timing.RetryPeriod;
        }
    }

    // Others are late since the store is slow, perhaps: who reads often because of that does not write as often.
    private bool IsOnlyWatching(long now) =>
        _observer.IsAnyoneLate && _confirmed == _handedOver && _lease.IsHeld && _time.GetElapsedTime(_heartbeatAt, now) < _timing.RenewPeriod - _timing.RetryPeriod;

    [SuppressMessage("Design", "CA1031", Justification = "As above; that the heartbeat failed must not keep the silo from reading that it is dead.")]
    private async Task<bool> TryRenewAsync(long sent)
    {
        if (!_isInserted || _isEnded)
        {
            return false;
        }

        // Each heartbeat has a value of its own, whatever the time of day does.
        var now = _time.GetUtcNow().UtcDateTime;
        _heartbeat = now > _heartbeat ? now : _heartbeat.AddTicks(1);
        var handedOver = _handedOver;
        try
        {
            await BoundAsync(_table.UpdateIAmAlive(
                new MembershipEntry { SiloAddress = _self.Address, IAmAliveTime = _heartbeat, UpdateZone = handedOver })).ConfigureAwait(false);
            (_heartbeatAt, _confirmed) = (sent, handedOver);
            return true;
        }
        catch (Exception exception)
        {
            Note(exception);
            return false;
        }
    }

    /// <summary>Takes in a reading; false: the membership has ended.</summary>
    private bool Accept(MembershipTableData table)
    {
        MembershipView? news = null;
        string? reason = null;
        lock (_lock)
        {
            if (_isEnded)
            {
                return false;
            }

            var own = table.TryGet(_self.Address)?.Item1;
            if (table.Version.Version < Current.Version)
            {
                MembershipLog.WentBack(_logger, Current.Version, table.Version.Version);
                reason = "The membership table has lost writes that this silo relied on.";
            }
            else if (own is null && _isInserted)
            {
                reason = "This silo is not in the membership table any more.";
            }
            else if (own?.Status == SiloStatus.Dead)
            {
                reason = "This silo was declared dead, since it did not renew its lease in time.";
            }
            else
            {
                Note(own);
                news = Apply(table);
            }

            if (reason is not null && _target == SiloStatus.Dead)
            {
                End("The silo has left its cluster.");
                return false;
            }
        }

        if (reason is not null)
        {
            Fail(reason);
            return false;
        }

        if (news is not null)
        {
            MembershipLog.Viewed(_logger, news);
            _feed.Publish(news);
        }

        return true;
    }

    private void Note(MembershipEntry? own)
    {
        _isInserted |= own is not null;
        // Of an earlier try whose answer was lost.
        if (own is not null && own.IAmAliveTime > _heartbeat)
        {
            _heartbeat = own.IAmAliveTime;
        }

        if (own?.Status >= SiloStatus.Active)
        {
            _joined.TrySetResult();
        }
    }

    private MembershipView? Apply(MembershipTableData table)
    {
        MembershipView? news = null;
        if (table.Version.Version > Current.Version)
        {
            news = MembershipView.From(table);
            _claims = _claims.Apply(news);
            if (_settled.Task.IsCompleted)
            {
                _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        _claims = _claims.Settle(table);
        if (_claims.IsSettled)
        {
            _settled.TrySetResult();
        }

        return news;
    }

    private void Renew(long sent)
    {
        lock (_lock)
        {
            if (_isServing && !_lease.IsHeld)
            {
                Suspend();
            }

            _lease.Renew(sent);
            if (!_lease.IsHeld)
            {
                return;
            }

            if (!_isServing && _hasServed)
            {
                MembershipLog.Resumed(_logger, _self.Address);
                _listener.OnResumed();
            }

            _isServing = _hasServed = true;
            ArmExpiry();
        }
    }

    private void Note(Exception exception)
    {
        if (_problem is null)
        {
            MembershipLog.Unreachable(_logger, exception.Message);
        }

        _problem = exception.Message;
    }

    // What is not answered in time may yet be carried out: a heartbeat then changes nothing, since later ones have higher values, and a
    // change of a row is refused, unless nothing else has happened.
    private Task<T> BoundAsync<T>(Task<T> access) => access.WaitAsync(_timing.OperationTimeout, _time);

    private Task BoundAsync(Task access) => access.WaitAsync(_timing.OperationTimeout, _time);
}

using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>
/// A silo's membership: joins, renews its lease, watches the others, leaves.
/// </summary>
/// <remarks>
/// <para>Nothing is agreed upon but by compare-and-swap on the table. One round at a time: write the heartbeat, read the table, apply
/// what is new, and change at most one row. The heartbeat counts as a renewal only when the reading after it finds the row alive.
/// Others declare a silo dead only if at that moment its row still has the heartbeat that they have seen unchanged for a whole lease (the
/// row's ETag says so), so a renewal and a declaration exclude each other.</para>
/// <para>Which grains a silo may run: see <see cref="Claims"/>.</para>
/// </remarks>
internal sealed partial class MembershipAgent : IDisposable
{
    private readonly Lock _lock = new();
    private readonly IMembershipTable _table;
    private readonly MemberIdentity _self;
    private readonly MembershipTiming _timing;
    private readonly IMembershipListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OwnLease _lease;
    private readonly LeaseObserver _observer;
    private readonly ViewFeed _feed;
    private readonly RoundLoop _loop;
    private readonly ITimer _expiry;
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _shutDown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Claims _claims;
    private volatile SiloStatus _target = SiloStatus.Joining;
    private volatile bool _isEnded;
    private volatile bool _isInserted;
    private volatile int _handedOver;
    private volatile string? _problem;
    private bool _isServing;
    private bool _hasServed;
    private bool _hasShutDown;
    private bool _isLeaving;
    private DateTime _heartbeat;
    private long _heartbeatAt;
    private int _confirmed;
    private long _cleanedUp;

    /// <param name="table">The table; see <see cref="IMembershipTable"/> for what is relied on.</param>
    /// <param name="self">The silo.</param>
    /// <param name="timing">The periods.</param>
    /// <param name="listener">Is told what happens.</param>
    /// <param name="time">The clock; its timestamps decide, the time of day is only written down.</param>
    /// <param name="logger">The log.</param>
    public MembershipAgent(
        IMembershipTable table, MemberIdentity self, MembershipTiming timing, IMembershipListener listener, TimeProvider time, ILogger logger)
    {
        (_table, _self, _timing, _listener, _time, _logger) = (table, self, timing, listener, time, logger);
        _lease = new OwnLease(time, timing.OwnLeaseDuration);
        _observer = new LeaseObserver(self.Address, timing, time);
        _claims = new Claims(self.Address);
        _feed = new ViewFeed(listener.OnViewAsync, OnHandedOver, OnFailed, Refresh);
        _loop = new RoundLoop(RoundAsync, time);
        _expiry = time.CreateTimer(static agent => ((MembershipAgent)agent!).OnExpiry(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _cleanedUp = time.GetTimestamp();
    }

    /// <summary>The latest view.</summary>
    public MembershipView Current => _claims.View;

    /// <summary>Whether the silo may serve at this moment. One comparison of a timestamp: ask it for every call.</summary>
    public bool HoldsLease => _lease.IsHeld;

    /// <summary>What the silo is to a grain. Only with <see cref="HoldsLease"/> does it allow anything.</summary>
    public GrainOwnership OwnershipOf(GrainId grain) => _claims.Of(grain);

    /// <summary>The silo.</summary>
    public SiloAddress Self => _self.Address;

    /// <summary>All others have said of these grains, by the view of that version, that they do not run them. Nothing happens if there is a later view here.</summary>
    public void Grant(long version, IReadOnlyCollection<GrainId> grains)
    {
        if (grains.Count == 0) return;
        lock (_lock)
        {
            if (_claims.View.Version == version) _claims = _claims.Give(grains);
        }
    }

    /// <summary>Whether the silo may run a grain at this moment.</summary>
    public bool Owns(GrainId grain) => _claims.Of(grain) == GrainOwnership.Owned && _lease.IsHeld;

    /// <summary>Completes when all have confirmed the current view, so that no grain is <see cref="GrainOwnership.Pending"/>; fails with
    /// <see cref="SiloUnavailableException"/> when the membership ends.</summary>
    public Task Settled
    {
        get
        {
            lock (_lock)
            {
                return _settled.Task;
            }
        }
    }

    /// <summary>Reads the table now: somebody knows of a newer version, or a silo seems to be gone. Never shortens a lease.</summary>
    public void Refresh() => _loop.Poke();

    /// <summary>As <see cref="Refresh"/>; completes when the table has been read, or could not be.</summary>
    public Task RefreshAsync() => _loop.RunAnotherAsync();

    /// <summary>A view of that version or a later one.</summary>
    /// <exception cref="SiloUnavailableException">The membership has ended.</exception>
    public ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token = default) => _feed.AtLeastAsync(version, token);

    /// <summary>Joins: when the task completes, the silo is active. It owns grains when its view is settled.</summary>
    /// <exception cref="OrleansException">It could not, within the time for it or at all.</exception>
    public async Task JoinAsync(CancellationToken token)
    {
        try
        {
            await _table.InitializeMembershipTable(true).WaitAsync(_timing.MaximumJoinTime, _time, token).ConfigureAwait(false);
            _target = SiloStatus.Active;
            _loop.Poke();
            await _joined.Task.WaitAsync(_timing.MaximumJoinTime, _time, token).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            Dispose();
            throw new OrleansException($"The silo could not join its cluster within {_timing.MaximumJoinTime}. {_problem}".TrimEnd(), exception);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gives the silo's grains to the others: when the task completes, no grain is placed on it, and it has handed over those it had.</summary>
    public Task ShutDownAsync(CancellationToken token)
    {
        lock (_lock)
        {
            if (!_isEnded && _target < SiloStatus.ShuttingDown)
            {
                _target = SiloStatus.ShuttingDown;
            }

            if (!_isInserted)
            {
                return Task.CompletedTask;
            }
        }

        _loop.Poke();
        return _shutDown.Task.WaitAsync(token);
    }

    /// <summary>Leaves the cluster, after <see cref="ShutDownAsync"/>. If it is cancelled, the others declare the silo dead when its lease is over.</summary>
    public async Task LeaveAsync(CancellationToken token)
    {
        try
        {
            lock (_lock)
            {
                _isLeaving = true;
                if (_hasShutDown)
                {
                    Depart();
                }
            }

            await ShutDownAsync(token).ConfigureAwait(false);
            if (_isInserted)
            {
                await _ended.Task.WaitAsync(token).ConfigureAwait(false);
            }
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Stops at once, as the death of the process would: the table is not touched any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            End("The silo has stopped.");
        }

        _loop.Dispose();
        _expiry.Dispose();
    }

    private void OnHandedOver(MembershipView view)
    {
        _handedOver = (int)view.Version;
        if (view.StatusOf(_self.Address) == SiloStatus.ShuttingDown)
        {
            lock (_lock)
            {
                _hasShutDown = true;
                if (_isLeaving)
                {
                    Depart();
                }
            }

            _shutDown.TrySetResult();
        }

        _loop.Poke();
    }

    private void OnFailed(Exception exception)
    {
        MembershipLog.NotApplied(_logger, exception);
        Fail("A membership view could not be applied.");
    }

    private void OnExpiry()
    {
        lock (_lock)
        {
            if (!_isServing)
            {
                return;
            }

            if (_lease.IsHeld)
            {
                ArmExpiry();
            }
            else
            {
                Suspend();
            }
        }
    }

    // Timers count whole milliseconds, and may be early.
    private void ArmExpiry() => _expiry.Change(_lease.Left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);

    private void Suspend()
    {
        _isServing = false;
        MembershipLog.Suspended(_logger, _self.Address);
        _listener.OnSuspended();
    }

    // The lease goes before the row says so: once it does, others may take over.
    private void Depart()
    {
        StopServing();
        _target = SiloStatus.Dead;
    }

    private void StopServing()
    {
        _lease.Drop();
        _isServing = false;
    }

    private void Fail(string reason)
    {
        lock (_lock)
        {
            if (!_isEnded)
            {
                End(reason);
                MembershipLog.Ended(_logger, _self.Address, reason);
                _listener.OnEnded(reason);
            }
        }

        _loop.Dispose();
    }

    private void End(string reason)
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        StopServing();
        _joined.TrySetException(new OrleansException(reason));
        _settled.TrySetException(new SiloUnavailableException(reason));
        _shutDown.TrySetResult();
        _ended.TrySetResult();
        _feed.End(reason);
    }
}

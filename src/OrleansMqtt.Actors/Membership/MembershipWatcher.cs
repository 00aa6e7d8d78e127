using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>Follows a cluster's membership without being a member: what a client needs.</summary>
internal sealed class MembershipWatcher : IDisposable
{
    private readonly IMembershipTable _table;
    private readonly MembershipTiming _timing;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ViewFeed _feed;
    private readonly RoundLoop _loop;
    private readonly LeaseObserver _observer;
    private bool _isOut;

    /// <param name="table">The table.</param>
    /// <param name="timing">How often it is read.</param>
    /// <param name="listener">Is told of each view, in order, one at a time.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public MembershipWatcher(IMembershipTable table, MembershipTiming timing, Func<MembershipView, ValueTask> listener, TimeProvider time, ILogger logger)
    {
        (_table, _timing, _time, _logger) = (table, timing, time, logger);
        _feed = new ViewFeed(listener, static _ => { }, exception => MembershipLog.NotApplied(logger, exception), Refresh);
        _loop = new RoundLoop(RoundAsync, time);
        _observer = new LeaseObserver(SiloAddress.Zero, timing, time);
    }

    /// <summary>The latest view.</summary>
    public MembershipView Current => _feed.Current;

    /// <summary>Begins; the first view is there when the task completes.</summary>
    /// <exception cref="TimeoutException">The table could not be read within the time for joining.</exception>
    public async Task StartAsync(CancellationToken token)
    {
        await _table.InitializeMembershipTable(false).WaitAsync(_timing.MaximumJoinTime, _time, token).ConfigureAwait(false);
        await _feed.AtLeastAsync(0, token).AsTask().WaitAsync(_timing.MaximumJoinTime, _time, token).ConfigureAwait(false);
    }

    /// <summary>Reads the table now: somebody knows of a newer version, or a silo seems to be gone.</summary>
    public void Refresh() => _loop.Poke();

    /// <summary>As <see cref="Refresh"/>; completes when the table has been read, or could not be.</summary>
    public Task RefreshAsync() => _loop.RunAnotherAsync();

    /// <summary>A view of that version or a later one.</summary>
    /// <exception cref="Orleans.Runtime.SiloUnavailableException">The watcher was disposed of.</exception>
    public ValueTask<MembershipView> AtLeastAsync(long version, CancellationToken token = default) => _feed.AtLeastAsync(version, token);

    public void Dispose()
    {
        _loop.Dispose();
        _feed.End("The membership is not followed any more.");
    }

    private async Task<TimeSpan> RoundAsync()
    {
        try
        {
            var sent = _time.GetTimestamp();
            var table = await _table.ReadAll().WaitAsync(_timing.OperationTimeout, _time).ConfigureAwait(false);
            // A client declares nobody dead.
            _observer.Observe(table, sent, _time.GetTimestamp());
            _isOut = false;
            if (table.Version.Version < Current.Version)
            {
                MembershipLog.WentBack(_logger, Current.Version, table.Version.Version);
            }

            if (table.Version.Version != Current.Version)
            {
                var view = MembershipView.From(table);
                MembershipLog.Viewed(_logger, view);
                _feed.Publish(view);
            }

            return _observer.IsAnyoneLate && _timing.RetryPeriod < _timing.RefreshPeriod ? _timing.RetryPeriod : _timing.RefreshPeriod;
        }
#pragma warning disable CA1031 // A table may fail with anything; the view stays, and the next round comes.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (!_isOut)
            {
                MembershipLog.Unreachable(_logger, exception.Message);
            }

            _isOut = true;
            return _timing.RetryPeriod;
        }
    }
}

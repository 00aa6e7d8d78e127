using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>
/// Keeps one silo's replica up to date with one partition: each change in order, one call in flight, what comes meanwhile goes together as the next. A replica that
/// did not take a change gets everything. Used in the turns of the topic grain only.
/// </summary>
/// <param name="silo">The silo, for the log.</param>
/// <param name="replica">Its replica; a call that returns at once costs nothing but itself.</param>
/// <param name="partition">The partition.</param>
/// <param name="snapshot">Everything that there is now.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ReplicaFeed(string silo, IRouteReplica replica, int partition, Func<RouteSnapshot> snapshot, ILogger logger)
{
    private const long Unknown = -1;
    private ImmutableArray<RouteChange> _pending = [];
    private RetainedPresence? _presence;
    private long _has = Unknown;
    private long _to;
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>Gives the replica everything.</summary>
    public Task LoadAsync() => GoOn();

    /// <summary>
    /// Adds the changes that led to <paramref name="version"/>. Completed when the replica has them; fails when it could not be told, and then the next call brings everything.
    /// </summary>
    public Task ChangeAsync(long version, ImmutableArray<RouteChange> changes)
    {
        _pending = _pending.IsEmpty ? changes : _pending.AddRange(changes);
        _to = version;
        return GoOn();
    }

    /// <summary>Ends the replica's lease.</summary>
    public Task RevokeAsync() => replica.RevokeAsync(partition);

    /// <summary>Tells the replica what the partition may hold from now on. As <see cref="ChangeAsync"/>.</summary>
    public Task SetPresenceAsync(RetainedPresence presence)
    {
        _presence = presence;
        return GoOn();
    }

    private Task GoOn()
    {
        if (_next is not null) return _next;
        return _running.IsCompleted ? _running = SendAsync() : _next = SendNextAsync();
    }

    private async Task SendNextAsync()
    {
        // Whatever became of it was told to those who waited for it.
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _next = null;
        await (_running = SendAsync());
    }

    private async Task SendAsync()
    {
        if (_has == Unknown || (!_pending.IsEmpty && !await TryApplyAsync()))
        {
            // It has all that is pending in it.
            var everything = snapshot();
            _has = Unknown;
            _presence = null;
            _pending = [];
            await replica.LoadAsync(partition, everything);
            _has = everything.Version;
        }
        else if (_presence is { } presence)
        {
            var had = _has;
            (_presence, _has) = (null, Unknown);
            await replica.SetPresenceAsync(partition, presence);
            _has = had;
        }
    }

    private async Task<bool> TryApplyAsync()
    {
        var (changes, to) = (_pending, _to);
        _pending = [];
        try
        {
            if (await replica.ApplyAsync(partition, _has, to, changes))
            {
                _has = to;
                return true;
            }
            LogBehind(logger, null, silo, partition, _has);
        }
#pragma warning disable CA1031 // Whatever failed, it is not known what the replica has: it gets everything.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogBehind(logger, exception, silo, partition, _has);
        }
        return false;
    }

    [LoggerMessage(1, LogLevel.Warning, "Route replica of {Silo} did not take the change after version {Version} of partition {Partition}; it gets all routes anew.")]
    private static partial void LogBehind(ILogger logger, Exception? exception, string silo, int partition, long version);
}

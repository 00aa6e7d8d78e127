using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The silos that may route by one partition, for a time each. Used in the turns of the topic grain only.</summary>
/// <remarks>
/// <para>
/// A silo routes while it has leases of all partitions. Each is counted by the silo from before it asked, and here from when it was given, with a margin: over for the silo first. A change is
/// in force when each silo with a lease has it, or has a lease no longer, or is gone for good (<see cref="ISiloFence"/>). A lease is not extended for a silo that is behind for longer than a renewal
/// takes, so a change takes a lease and a renewal at most; then the silo is dropped, and attaches anew when it can.
/// </para>
/// <para>
/// A silo that attaches anew gets everything before it gets a lease, and what its former attachment may have promised ends no later than the new one's: it is
/// waited for here until then even if attaching fails half way.
/// </para>
/// <para>
/// A silo that has a lease of an activation before, and may route by it, has to be told as well, or nothing is in force: see <see cref="FormerLeases"/>. It is when it has attached here, since from
/// then on it is one of those above for at least as long as the other lease lasts, which it asked for before it asked for this one.
/// </para>
/// <para>
/// Who drops the last silos that it has may have been replaced without knowing: the silos may have leases of another activation. So nothing counts as in force because a lease has ended
/// unless the claim on the partition still stands. A silo's own word that it has the change needs no such proof: it refuses what comes from an epoch before the one it has.
/// </para>
/// </remarks>
internal sealed partial class LeasedReplicas(int partition, long epoch, TopicCluster cluster, FormerLeases former, Func<Task> requireClaim, ILogger logger)
{
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly TimeProvider _time = cluster.Time;
    private readonly LeaseTimes _times = cluster.Times;
    private readonly Dictionary<string, LeasedReplica> _replicas = [];
    // Of this activation alone: a call that comes late must not renew what another one gave.
    private long _attachments = RouteVersion.First(epoch);
    private bool _ended;

    /// <summary>What activations before have given.</summary>
    public FormerLeases Former => former;

    /// <summary>Gives a silo everything and a lease. Returns the number of the attachment.</summary>
    public async Task<long> AttachAsync(string silo, ReplicaFeed feed)
    {
        RequireNotEnded();
        var replica = new LeasedReplica(++_attachments, feed);
        Extend(replica);
        _replicas[silo] = replica;
        await feed.LoadAsync();
        // Not before: until it has everything it may route by what another activation told it.
        former.Attached(silo);
        return replica.Attachment;
    }

    /// <summary>Extends a silo's lease; false when it has to attach anew.</summary>
    public bool Renew(string silo, long attachment)
    {
        if (_ended || !_replicas.TryGetValue(silo, out var replica) || replica.Attachment != attachment) return false;
        if (replica.IsBehindSince(_time.GetTimestamp() - Ticks(_times.ReplicaRenewal))) return false;
        Extend(replica);
        return true;
    }

    /// <summary>A silo has ended its lease itself.</summary>
    public void Detach(string silo, long attachment)
    {
        if (_replicas.TryGetValue(silo, out var replica) && replica.Attachment == attachment) _replicas.Remove(silo);
    }

    /// <summary>Completed when every silo that may route has been told, or may not any more.</summary>
    /// <exception cref="TopicMovedException">Another activation has the partition.</exception>
    public async Task TellAsync(Func<ReplicaFeed, Task> tell)
    {
        RequireNotEnded();
        if (_replicas.Count == 0) await requireClaim();
        else await Task.WhenAll(_replicas.ToArray().Select(replica => TellAsync(replica.Key, replica.Value, tell(replica.Value.Feed))));
        await former.Over;
    }

    /// <summary>Ends all leases; no more are given. Whether every silo has said that its lease is over.</summary>
    public async Task<bool> EndAsync()
    {
        _ended = true;
        former.Abandon();
        try
        {
            // The others have none any more, and may be gone.
            await Task.WhenAll(_replicas.Where(replica => Remaining(replica.Key, replica.Value) > TimeSpan.Zero).Select(static replica => replica.Value.Feed.RevokeAsync()));
            return former.AreOver;
        }
        catch (Exception exception) when (PassingFailure.Is(exception))
        {
            LogNotRevoked(logger, exception, partition);
            return false;
        }
    }

    private async Task TellAsync(string silo, LeasedReplica replica, Task told)
    {
        if (told.IsCompletedSuccessfully) return;
        replica.Begin(_time.GetTimestamp());
        try
        {
            while (true)
            {
                // First, so that nothing changes between looking and waiting.
                var changed = cluster.Fence?.Changed ?? Never;
                if (Remaining(silo, replica) is not { Ticks: > 0 } remaining) break;
                await ((Task)Task.WhenAny(told, changed)).WaitAsync(remaining, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                if (told.IsCompletedSuccessfully) return;
                if (!told.IsCompleted) continue;
                LogNotTold(logger, told.Exception, silo, partition);
                await Task.Delay(_times.Retry, _time);
                // Everything, unless another change has brought it meanwhile.
                told = replica.Feed.LoadAsync();
            }
        }
        finally
        {
            replica.End();
        }
        if (_replicas.TryGetValue(silo, out var present) && present == replica) _replicas.Remove(silo);
        LogDropped(logger, silo, partition);
        await requireClaim();
    }

    private void RequireNotEnded()
    {
        if (_ended) throw new TopicMovedException($"Partition {partition} is moving.");
    }

    private TimeSpan Remaining(string silo, LeasedReplica replica) =>
        cluster.Fence is { } fence && fence.IsGone(silo) ? TimeSpan.Zero : _time.GetElapsedTime(_time.GetTimestamp(), replica.LeaseEnd);

    private void Extend(LeasedReplica replica) => replica.LeaseEnd = _time.GetTimestamp() + Ticks(LeaseTimes.WithMargin(cluster.ReplicaLease));

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    [LoggerMessage(10, LogLevel.Warning, "Route replica of {Silo} could not be told of partition {Partition}; trying again until its lease is over.")]
    private static partial void LogNotTold(ILogger logger, Exception? exception, string silo, int partition);

    [LoggerMessage(11, LogLevel.Warning, "Route replica of {Silo} is dropped from partition {Partition}: its lease is over and it does not have all changes.")]
    private static partial void LogDropped(ILogger logger, string silo, int partition);

    [LoggerMessage(12, LogLevel.Warning, "Partition {Partition} moves, and not every silo said that it routes no more by it: the next activation waits for a lease.")]
    private static partial void LogNotRevoked(ILogger logger, Exception exception, int partition);
}

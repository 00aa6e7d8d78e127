using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Keeps a silo's replica attached to all partitions of a cluster: renews each lease, and attaches anew where one is not extended.</summary>
internal sealed partial class LeasedAttachment(
    IGrainFactory grains, TopicPartitions partitions, RouteReplica replica, RoutingLeases leases, ILocalSiloDetails silo, LeaseTimes times, TimeProvider time, ILogger<LeasedAttachment> logger)
    : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _silo = silo.SiloAddress.ToString();
    private Task _running = Task.CompletedTask;

    /// <summary>Returns when the replica has all routes.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var reference = grains.CreateObjectReference<IRouteReplica>(replica);
        var all = Enumerable.Range(0, partitions.Count).Select(partition => (Partition: partition, Attached: new TaskCompletionSource())).ToArray();
        _running = Task.WhenAll(all.Select(one => KeepAsync(one.Partition, reference, one.Attached)));
        await Task.WhenAll(all.Select(static one => one.Attached.Task)).WaitAsync(cancellationToken);
    }

    /// <summary>Ends the leases: nobody waits for this silo any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private async Task KeepAsync(int partition, IRouteReplica reference, TaskCompletionSource attached)
    {
        var topic = grains.GetGrain<ITopicGrain>(partition);
        long? attachment = null;
        while (!_stopping.IsCancellationRequested)
        {
            var asked = time.GetTimestamp();
            try
            {
                if (attachment is { } known)
                {
                    if (await topic.RenewLeaseAsync(_silo, known)) leases.Extend(partition, asked);
                    else attachment = null;
                }
                else
                {
                    attachment = await topic.AttachLeasedAsync(_silo, reference);
                    leases.Extend(partition, asked);
                    attached.TrySetResult();
                }
            }
#pragma warning disable CA1031 // Whatever it is, the lease ends by itself, and then this silo does not route.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogFailed(logger, exception, partition);
                await RestAsync(times.Retry);
                continue;
            }
            if (attachment is not null) await RestAsync(times.ReplicaRenewal - time.GetElapsedTime(asked));
        }
        leases.Revoke(partition);
        attached.TrySetCanceled();
        if (attachment is { } last) await DetachAsync(topic, partition, last);
    }

    private async Task DetachAsync(ITopicGrain topic, int partition, long attachment)
    {
        try
        {
            await topic.DetachAsync(_silo, attachment);
        }
#pragma warning disable CA1031 // The lease ends by itself as well.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, partition);
        }
    }

    private async Task RestAsync(TimeSpan rest)
    {
        if (rest > TimeSpan.Zero) await Task.Delay(rest, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(30, LogLevel.Warning, "Partition {Partition} could not be asked for a lease; trying again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int partition);
}

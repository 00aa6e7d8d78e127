using Microsoft.Extensions.Logging;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Routing;

/// <summary>Keeps a silo's replica attached to all partitions of a cluster: renews each lease, and attaches anew where one is not extended.</summary>
internal sealed partial class LeasedAttachment(
    IGrainFactory grains, TopicPartitions partitions, RouteReplica replica, RoutingLeases leases, ILocalSiloDetails silo, LeaseTimes times, TimeProvider time, ILogger<LeasedAttachment> logger,
    ISiloFence? fence = null)
    : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Attachment?[] _attachments = new Attachment?[partitions.Count];
    private Task _running = Task.CompletedTask;

    // Not before the silo has started: it gets its address with its port, and all silos have the same before.
    private string Silo => silo.SiloAddress.ToString();

    /// <summary>Returns when the replica has all routes.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var reference = grains.CreateObjectReference<IRouteReplica>(replica);
        leases.Revoked += OnRevoked;
        var all = Enumerable.Range(0, partitions.Count).Select(partition => (Partition: partition, Attached: new TaskCompletionSource())).ToArray();
        _running = Task.WhenAll(all.Select(one => KeepAsync(one.Partition, reference, one.Attached)));
        var attached = Task.WhenAll(all.Select(static one => one.Attached.Task));
        // It ends before the silo does only if it fails.
        await (await Task.WhenAny(attached, _running)).WaitAsync(cancellationToken);
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
        Attachment? attachment = null;
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            if (attachment is { IsRefused: false })
            {
                var changed = fence?.Changed;
                // Not waited for: one call that hangs must not cost the lease.
                _ = RenewAsync(topic, partition, attachment);
                // The silo of the topic grain may be the one that is gone: its new home is not to wait for this one.
                await RestAsync(times.ReplicaRenewal, changed is null ? attachment.Refused : Task.WhenAny(attachment.Refused, changed));
                continue;
            }
            attachment = await AttachAsync(topic, partition, reference);
            Volatile.Write(ref _attachments[partition], attachment);
            if (attachment is null)
            {
                await RestAsync(pause);
                pause = BackOff.After(pause, FirstPause, times.Retry);
                continue;
            }
            pause = FirstPause;
            attached.TrySetResult();
        }
        leases.Revoke(partition);
        attached.TrySetCanceled();
        if (attachment is not null) await DetachAsync(topic, partition, attachment.Number);
    }

    private async Task<Attachment?> AttachAsync(ITopicGrain topic, int partition, IRouteReplica reference)
    {
        var asked = time.GetTimestamp();
        try
        {
            var number = await topic.AttachLeasedAsync(Silo, reference);
            leases.Extend(partition, asked);
            return new Attachment(number);
        }
#pragma warning disable CA1031 // Whatever it is, without a lease this silo does not route.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, partition);
            return null;
        }
    }

    private async Task RenewAsync(ITopicGrain topic, int partition, Attachment attachment)
    {
        var asked = time.GetTimestamp();
        try
        {
            if (await topic.RenewLeaseAsync(Silo, attachment.Number)) leases.Extend(partition, asked);
            else attachment.Refuse();
        }
#pragma warning disable CA1031 // The next one may be answered, or the lease ends by itself, and then this silo does not route.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception, partition);
        }
    }

    private async Task DetachAsync(ITopicGrain topic, int partition, long attachment)
    {
        try
        {
            await topic.DetachAsync(Silo, attachment);
        }
#pragma warning disable CA1031 // The lease ends by itself as well.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotLeft(logger, exception, partition);
        }
    }

    // Its new home is asked at once: until then this silo does not route.
    private void OnRevoked(int partition) => Volatile.Read(ref _attachments[partition])?.Refuse();

    private sealed class Attachment(long number)
    {
        private readonly TaskCompletionSource _refused = new();

        public long Number => number;

        public Task Refused => _refused.Task;

        public bool IsRefused => _refused.Task.IsCompleted;

        public void Refuse() => _refused.TrySetResult();
    }

    private TimeSpan FirstPause => times.Retry / 10;

    private async Task RestAsync(TimeSpan rest, Task? unless = null)
    {
        if (rest <= TimeSpan.Zero || unless is { IsCompleted: true }) return;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var delay = Task.Delay(rest, time, enough.Token);
        if (unless is null) await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        else await Task.WhenAny(delay, unless);
        enough.Cancel();
    }

    [LoggerMessage(31, LogLevel.Debug, "Partition {Partition} could not be told that this silo leaves: it waits until the lease is over.")]
    private static partial void LogNotLeft(ILogger logger, Exception exception, int partition);

    [LoggerMessage(30, LogLevel.Warning, "Partition {Partition} could not be asked for a lease; trying again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, int partition);
}

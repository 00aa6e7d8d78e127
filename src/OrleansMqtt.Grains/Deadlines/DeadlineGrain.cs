using Microsoft.Extensions.Logging;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Deadlines;

/// <inheritdoc cref="IDeadlineGrain"/>
[KeepAlive]
internal sealed partial class DeadlineGrain(IDeadlineStore store, TimeProvider time, ILogger<DeadlineGrain> logger) : Grain, IDeadlineGrain
{
    private readonly Dictionary<(string, DeadlineKind), Deadline> _deadlines = [];
    private readonly PriorityQueue<Deadline, long> _queue = new();
    private IGrainTimer? _timer;
    private bool _draining;

    private int Shard => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var deadline in await store.LoadAsync(Shard)) Remember(deadline);
        Schedule();
    }

    /// <inheritdoc/>
    public async Task SetAsync(string clientId, DeadlineKind kind, long due, long epoch)
    {
        var deadline = new Deadline(clientId, kind, due, epoch);
        await store.SetAsync(Shard, deadline);
        Remember(deadline);
        Schedule();
    }

    /// <inheritdoc/>
    public async Task ClearAsync(string clientId, DeadlineKind kind)
    {
        if (!_deadlines.Remove((clientId, kind))) return;
        await store.RemoveAsync(Shard, clientId, kind);
    }

    private void Remember(Deadline deadline)
    {
        _deadlines[(deadline.ClientId, deadline.Kind)] = deadline;
        _queue.Enqueue(deadline, deadline.Due);
    }

    // One timer, set to the earliest due time. Entries of the queue that were moved or cleared are passed over when they come up.
    private void Schedule()
    {
        _timer?.Dispose();
        _timer = null;
        if (!_queue.TryPeek(out _, out var due)) return;
        var delay = TimeSpan.FromMilliseconds(Math.Clamp(due - Now, 0, int.MaxValue - 1));
        // Interleaved: a session that is being told waits for nobody, but one that is just connecting may be waiting for this grain.
        _timer = this.RegisterGrainTimer(FireAsync, new GrainTimerCreationOptions(delay, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    // The tick does not wait for the sessions: one of them may wait for this grain, and a grain that deactivates lets its running ticks
    // end but nobody in, so that both would wait for ever.
    private Task FireAsync()
    {
        if (!_draining) _ = DrainAsync();
        return Task.CompletedTask;
    }

    private async Task DrainAsync()
    {
        _draining = true;
        while (_queue.TryPeek(out var deadline, out var due) && due <= Now)
        {
            _queue.Dequeue();
            var key = (deadline.ClientId, deadline.Kind);
            if (!_deadlines.TryGetValue(key, out var current) || current != deadline) continue;
            try
            {
                await GrainFactory.GetGrain<ISessionGrain>(SessionKey.Of(deadline.ClientId)).DueAsync(deadline.Kind, deadline.Epoch);
                if (_deadlines.TryGetValue(key, out current) && current == deadline) await ClearAsync(deadline.ClientId, deadline.Kind);
            }
#pragma warning disable CA1031 // The due time stays; it is tried again, whatever was wrong.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogDueFailed(logger, exception, deadline.ClientId, deadline.Kind);
                Remember(deadline with { Due = Now + 1000 });
            }
        }
        _draining = false;
        Schedule();
    }

    [LoggerMessage(1, LogLevel.Error, "Client {ClientId}: {Kind} is due and could not be carried out; trying again in 1 s.")]
    private static partial void LogDueFailed(ILogger logger, Exception exception, string clientId, DeadlineKind kind);
}

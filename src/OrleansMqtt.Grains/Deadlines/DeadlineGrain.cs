using Microsoft.Extensions.Logging;
using OrleansMqtt.Deadlines;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Deadlines;

/// <inheritdoc cref="IDeadlineGrain"/>
[KeepAlive]
internal sealed partial class DeadlineGrain(IDeadlineStore store, TimeProvider time, ILogger<DeadlineGrain> logger) : Grain, IDeadlineGrain
{
    private const int RetryAfter = 1000;
    private readonly DeadlineQueue _deadlines = new();
    private IGrainTimer? _timer;
    private bool _draining;

    private int Shard => (int)this.GetPrimaryKeyLong();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var deadline in await store.LoadAsync(Shard)) _deadlines.Set(deadline);
        Schedule();
    }

    /// <inheritdoc/>
    public async Task SetAsync(string clientId, DeadlineKind kind, long due, long epoch)
    {
        var deadline = new Deadline(clientId, kind, due, epoch);
        await store.SetAsync(Shard, deadline);
        _deadlines.Set(deadline);
        Schedule();
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task ClearAsync(string clientId, DeadlineKind kind)
    {
        if (_deadlines.Find(clientId, kind) is { } deadline) await RemoveAsync(deadline);
    }

    // From the store first: what could not be removed there is still known here, and the next call removes it.
    private async Task RemoveAsync(Deadline deadline)
    {
        await store.RemoveAsync(Shard, deadline);
        _deadlines.Remove(deadline);
    }

    // One timer, set to the earliest due time, or to one that has been moved or cleared since: nothing is due then.
    private void Schedule()
    {
        _timer?.Dispose();
        _timer = null;
        if (_deadlines.Next is not { } due) return;
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
        while (_deadlines.TryTake(Now, out var deadline))
        {
            try
            {
                await GrainFactory.GetGrain<ISessionGrain>(SessionKey.Of(deadline.ClientId)).DueAsync(deadline.Kind, deadline.Epoch);
                if (_deadlines.Contains(deadline)) await RemoveAsync(deadline);
            }
#pragma warning disable CA1031 // The due time stays; it is tried again, whatever was wrong.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                LogDueFailed(logger, exception, deadline.ClientId, deadline.Kind);
                _deadlines.Postpone(deadline, Now + RetryAfter);
            }
        }
        _draining = false;
        Schedule();
    }

    [LoggerMessage(1, LogLevel.Error, "Client {ClientId}: {Kind} is due and could not be carried out; trying again in 1 s.")]
    private static partial void LogDueFailed(ILogger logger, Exception exception, string clientId, DeadlineKind kind);
}

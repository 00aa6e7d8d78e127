namespace OrleansMqtt.Actors.Tests.Support;

/// <summary>A clock that stands still until it is told to go on; timers fire within <see cref="Advance"/>, in order.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private long _now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        var end = GetTimestamp() + time.Ticks;
        while (TakeDue(end) is { } due)
        {
            due.Fire();
        }

        Volatile.Write(ref _now, end);
    }

    /// <summary>As <see cref="Advance"/>, and goes on firing what others set meanwhile, and is due, until something has happened.</summary>
    public async Task AdvanceAsync(TimeSpan time, Task until)
    {
        Advance(time);
        await UntilAsync(() =>
        {
            Advance(TimeSpan.Zero);
            return until.IsCompleted;
        });
        await until;
    }

    /// <summary>Waits until somebody waits for a time from now.</summary>
    public Task TimerSetAsync(TimeSpan due) => UntilAsync(() =>
    {
        lock (_lock)
        {
            return _timers.Exists(timer => timer.Due == GetTimestamp() + due.Ticks);
        }
    });

    /// <summary>Waits for what no event tells; only a hang ends it otherwise.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo())
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private ManualTimer? TakeDue(long end)
    {
        lock (_lock)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null)
            {
                Volatile.Write(ref _now, Math.Max(_now, next.Due));
                next.Rearm();
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public void Fire() => callback(state);

        public void Rearm()
        {
            if (_period > TimeSpan.Zero)
            {
                Due += _period.Ticks;
            }
            else
            {
                time._timers.Remove(this);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = time.GetTimestamp() + dueTime.Ticks;
                    time._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>
/// The clock of a test cluster. It goes with real time, but in small steps, each of them work of the thread pool like that of the cluster: a process that gets no processor for
/// a while has not lost its leases when it goes on.
/// </summary>
internal sealed class PacedTimeProvider : TimeProvider, IAsyncDisposable
{
    /// <summary>The longest step: little longer than the pace, so that the clock slows down with the process.</summary>
    internal static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan DefaultPace = TimeSpan.FromMilliseconds(5);
    private readonly Lock _lock = new();
    private readonly SortedSet<PacedTimer> _timers = new(Comparer<PacedTimer>.Create(static (one, other) => (one.Due, one.Number).CompareTo((other.Due, other.Number))));
    private readonly PeriodicTimer _ticks;
    private readonly Task _running;
    private readonly DateTimeOffset _began;
    private DateTimeOffset _now;
    private long _created;

    /// <summary>Starts the clock.</summary>
    /// <param name="pace">From one step to the next; infinite: it stands but for <see cref="Step"/>. Default: 5 milliseconds.</param>
    public PacedTimeProvider(TimeSpan? pace = null)
    {
        _began = _now = System.GetUtcNow();
        _ticks = new PeriodicTimer(pace ?? DefaultPace, System);
        _running = Task.Run(RunAsync);
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    /// <inheritdoc/>
    // Since it began: Orleans takes what happened at 0 for long ago.
    public override long GetTimestamp() => (GetUtcNow() - _began).Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PacedTimer(this, Interlocked.Increment(ref _created), callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Stops the clock.</summary>
    public async ValueTask DisposeAsync()
    {
        _ticks.Dispose();
        await _running;
    }

    /// <summary>Goes on by so much, at most <see cref="LongestStep"/>.</summary>
    internal void Step(TimeSpan elapsed)
    {
        lock (_lock)
        {
            _now += elapsed < LongestStep ? elapsed : LongestStep;
            while (_timers.Min is { } next && next.Due <= _now)
            {
                _timers.Remove(next);
                next.Fire();
            }
        }
    }

    private async Task RunAsync()
    {
        var last = System.GetTimestamp();
        while (await _ticks.WaitForNextTickAsync())
        {
            var now = System.GetTimestamp();
            Step(System.GetElapsedTime(last, now));
            last = now;
        }
    }

    private sealed class PacedTimer(PacedTimeProvider clock, long number, TimerCallback callback, object? state) : ITimer
    {
        // As a real timer does: what was there when it was set is there when it fires.
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _period;

        public DateTimeOffset Due { get; private set; }

        public long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Set(clock._now + dueTime);
            }
            return true;
        }

        public void Fire()
        {
            if (_period > TimeSpan.Zero) Set(Due + _period > clock._now ? Due + _period : clock._now + _period);
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Call(), this, preferLocal: false);
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Set(DateTimeOffset due)
        {
            Due = due;
            clock._timers.Add(this);
        }

        private void Call()
        {
            if (_context is null) callback(state);
            else ExecutionContext.Run(_context, static timer => ((PacedTimer)timer!).CallInside(), this);
        }

        private void CallInside() => callback(state);
    }
}

namespace OrleansMqtt.TestingHost.Clocks;

/// <summary>A clock that is moved, and whose timers whoever moves it calls.</summary>
internal abstract class SteppedTimeProvider(DateTimeOffset now) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<SteppedTimer> _timers = new(Comparer<SteppedTimer>.Create(static (one, other) => (one.Due, one.Number).CompareTo((other.Due, other.Number))));
    private readonly DateTimeOffset _began = now;
    private DateTimeOffset _now = now;
    private long _created;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>When the next timer is due; null: there is none.</summary>
    protected DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock) return _timers.Min?.Due;
        }
    }

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
        var timer = new SteppedTimer(this, Interlocked.Increment(ref _created), callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock; it never goes back.</summary>
    protected void MoveTo(DateTimeOffset now)
    {
        lock (_lock)
            if (now > _now) _now = now;
    }

    /// <summary>The next timer that has become due, to be called; null: there is none.</summary>
    protected SteppedTimer? TakeDue()
    {
        lock (_lock)
        {
            if (_timers.Min is not { } next || next.Due > _now) return null;
            _timers.Remove(next);
            next.Rearm();
            return next;
        }
    }

    /// <summary>A timer of the clock.</summary>
    protected sealed class SteppedTimer(SteppedTimeProvider clock, long number, TimerCallback callback, object? state) : ITimer
    {
        // As a real timer does: what was there when it was set is there when it fires.
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TimeSpan _period;

        /// <summary>When it is due.</summary>
        public DateTimeOffset Due { get; private set; }

        /// <summary>Which of those that are due at the same time comes first.</summary>
        public long Number => number;

        /// <inheritdoc/>
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

        /// <summary>Sets the next time of a periodic one. Under the clock's lock.</summary>
        public void Rearm()
        {
            if (_period > TimeSpan.Zero) Set(Due + _period > clock._now ? Due + _period : clock._now + _period);
        }

        /// <summary>Calls what is to be called.</summary>
        public void Call()
        {
            if (_context is null) callback(state);
            else ExecutionContext.Run(_context, static timer => ((SteppedTimer)timer!).CallInside(), this);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        /// <inheritdoc/>
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

        private void CallInside() => callback(state);
    }
}

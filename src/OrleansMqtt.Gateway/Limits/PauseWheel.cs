namespace OrleansMqtt.Gateway.Limits;

/// <summary>One timer for all that wait for their rates.</summary>
/// <remarks>Nobody waits longer than a second without being asked again: who has left meanwhile is not held on to, and rates may change.</remarks>
internal sealed class PauseWheel : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1), Shortest = TimeSpan.FromMilliseconds(1);
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, long> _waiting = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _next = long.MaxValue;

    public PauseWheel(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static wheel => ((PauseWheel)wheel!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many wait.</summary>
    public int Count
    {
        get { lock (_lock) return _waiting.Count; }
    }

    /// <summary>Calls <paramref name="goOn"/>, which must look whether it has waited long enough, after <paramref name="pause"/> or a second, whichever is shorter. On the timer's thread; it must not block.</summary>
    public void Add(Action goOn, TimeSpan pause)
    {
        pause = pause < Shortest ? Shortest : pause > Longest ? Longest : pause;
        // Up, so that it is never called before its time.
        var due = _time.GetTimestamp() + (long)Math.Ceiling(pause.TotalSeconds * _time.TimestampFrequency);
        lock (_lock)
        {
            _waiting.Enqueue(goOn, due);
            if (due < _next) Arm(due);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        var now = _time.GetTimestamp();
        List<Action> due = [];
        lock (_lock)
        {
            while (_waiting.TryPeek(out var goOn, out var at) && at <= now)
            {
                _waiting.Dequeue();
                due.Add(goOn);
            }
            _next = long.MaxValue;
            if (_waiting.TryPeek(out _, out var next)) Arm(next);
        }
        foreach (var goOn in due) goOn();
    }

    private void Arm(long due)
    {
        _next = due;
        var pause = _time.GetElapsedTime(_time.GetTimestamp(), due);
        _timer.Change(pause > Shortest ? pause : Shortest, Timeout.InfiniteTimeSpan);
    }
}

namespace OrleansMqtt.Actors.Membership;

/// <summary>Runs rounds one at a time: the next one when its pause is over, or at once when there is a reason.</summary>
internal sealed class RoundLoop : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<Task<TimeSpan>> _round;
    private readonly ITimer _timer;
    private bool _isRunning;
    private bool _isPoked;
    private bool _isDisposed;
    private TaskCompletionSource? _next;
    private TaskCompletionSource? _current;

    /// <param name="round">A round; it does not fail, and answers how long the pause after it is.</param>
    /// <param name="time">The clock of the pauses.</param>
    public RoundLoop(Func<Task<TimeSpan>> round, TimeProvider time)
    {
        _round = round;
        _timer = time.CreateTimer(static loop => ((RoundLoop)loop!).Poke(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins a round; while one is under way, another right after it. Many in that time make one.</summary>
    public void Poke()
    {
        lock (_lock)
        {
            _isPoked = true;
            if (_isRunning || _isDisposed)
            {
                return;
            }

            _isRunning = true;
        }

        _ = RunAsync();
    }

    /// <summary>As <see cref="Poke"/>; completes when a round is over that began after this call, or no more begins.</summary>
    public Task RunAnotherAsync()
    {
        Task over;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return Task.CompletedTask;
            }

            over = (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        Poke();
        return over;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _next?.SetResult();
            _next = null;
        }

        _timer.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = TimeSpan.Zero;
        while (TryContinue(pause))
        {
            pause = await _round().ConfigureAwait(false);
            _current?.SetResult();
        }
    }

    private bool TryContinue(TimeSpan pause)
    {
        lock (_lock)
        {
            _isRunning = _isPoked && !_isDisposed;
            _isPoked = false;
            if (_isRunning)
            {
                (_current, _next) = (_next, null);
            }

            if (!_isRunning && !_isDisposed)
            {
                _timer.Change(pause, Timeout.InfiniteTimeSpan);
            }

            return _isRunning;
        }
    }
}

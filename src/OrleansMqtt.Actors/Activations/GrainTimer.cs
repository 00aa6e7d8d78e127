using Orleans.Runtime;
using OrleansMqtt.Actors.Timers;

namespace OrleansMqtt.Actors.Activations;

/// <summary>A timer of an activation. It is armed for one tick at a time, so that ticks never pile up.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private TimeSpan _period;
    private TimeSpan? _changedDueTime;
    private bool _ticking;
    private bool _running;
    private bool _isDisposed;

    public GrainTimer(
        Activation activation, TimeProvider time, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(
                static timer => ((GrainTimer)timer!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public bool Interleave => _options.Interleave;

    public bool KeepAlive => _options.KeepAlive;

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Validate(dueTime);
        Validate(period);
        lock (_lock)
        {
            _period = period;
            if (_ticking)
            {
                _changedDueTime = dueTime;
            }
            else
            {
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            if (!_running)
            {
                EndTick();
            }
        }

        _disposed.Cancel();
        _activation.Forget(this);
    }

    /// <summary>Ends it with its activation, of which no tick runs any more.</summary>
    public void Stop()
    {
        Dispose();
        lock (_lock)
        {
            EndTick();
        }
    }

    /// <summary>Runs a tick, as a turn of the activation.</summary>
    public Task TickAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return Task.CompletedTask;
            }

            _running = true;
        }

        return _callback(_disposed.Token);
    }

    /// <summary>The tick has ended: arms the next one.</summary>
    public void Rearm()
    {
        lock (_lock)
        {
            _running = false;
            if (!_isDisposed)
            {
                var next = _changedDueTime ?? _period;
                _changedDueTime = null;
                _timer.Change(next, Timeout.InfiniteTimeSpan);
            }

            EndTick();
        }
    }

    private static void Validate(TimeSpan time, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(time))] string? name = null)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(name, time, "Neither positive, zero nor infinite.");
        }
    }

    private void Fire()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _ticking = true;
            (_activation.Time as ITickObserver)?.TickBegan();
        }

        if (!_activation.TryPost(new TimerTick(this)))
        {
            lock (_lock)
            {
                EndTick();
            }
        }
    }

    // Call under the lock.
    private void EndTick()
    {
        if (_ticking)
        {
            _ticking = false;
            (_activation.Time as ITickObserver)?.TickEnded();
        }
    }
}

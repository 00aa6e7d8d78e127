using System.Threading.Tasks.Sources;

namespace OrleansMqtt.Cli.Bench.Clients;

/// <summary>
/// Wakes one waiting loop, without allocating; set while nobody waits, it is kept for the next wait. The loop goes on inside
/// <see cref="Set"/>, on its caller's thread: a hop to another thread would cost more than the batch of messages that follows.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int IsSet = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Wakes the loop. Must not be called under a lock.</summary>
    public void Set()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, IsSet, Idle))
            {
                case Idle or IsSet:
                    return;
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _core.SetResult(true);
                    return;
            }
        }
    }

    /// <summary>Waits for <see cref="Set"/>. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle) return new ValueTask(this, _core.Version);
        Volatile.Write(ref _state, Idle);
        return default;
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}

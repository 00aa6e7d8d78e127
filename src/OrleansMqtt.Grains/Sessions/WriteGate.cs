namespace OrleansMqtt.Grains.Sessions;

/// <summary>
/// Lets writers in side by side, or one alone. Who wants to be alone goes before those who come later. For the turns of one grain: not thread-safe.
/// </summary>
internal sealed class WriteGate
{
    private int _inside;
    private TaskCompletionSource? _empty;
    private Task _alone = Task.CompletedTask;

    /// <summary>Enters beside others; dispose to leave.</summary>
    public async ValueTask<Pass> EnterAsync()
    {
        while (!_alone.IsCompleted) await _alone;
        _inside++;
        return new Pass(this, null);
    }

    /// <summary>Enters when everybody has left, and lets nobody in until the pass is disposed of.</summary>
    public async ValueTask<Pass> EnterAloneAsync()
    {
        var done = new TaskCompletionSource();
        var previous = _alone;
        _alone = done.Task;
        await previous;
        if (_inside > 0)
        {
            _empty = new TaskCompletionSource();
            await _empty.Task;
        }
        return new Pass(this, done);
    }

    private void Leave(TaskCompletionSource? alone)
    {
        if (alone is not null)
        {
            alone.SetResult();
            return;
        }
        if (--_inside > 0 || _empty is null) return;
        var empty = _empty;
        _empty = null;
        empty.SetResult();
    }

    /// <summary>Whoever holds it is inside.</summary>
    internal readonly struct Pass(WriteGate gate, TaskCompletionSource? alone) : IDisposable
    {
        /// <summary>Leaves.</summary>
        public void Dispose() => gate.Leave(alone);
    }
}

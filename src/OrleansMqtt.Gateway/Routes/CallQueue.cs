using System.Diagnostics.CodeAnalysis;

namespace OrleansMqtt.Gateway.Routes;

/// <summary>What mapped code is to do for one client: one thing after the other, so that no client takes the room of others. Thread-safe.</summary>
internal sealed class CallQueue
{
    private const int MaximumWaiting = 1000;
    private readonly Lock _lock = new();
    private readonly Queue<Func<Task>> _waiting = new();
    private bool _isRunning;

    /// <summary>Adds work, which must not throw. False, and nothing added, if too much waits.</summary>
    public bool TryAdd(Func<Task> work)
    {
        lock (_lock)
        {
            if (_waiting.Count >= MaximumWaiting) return false;
            _waiting.Enqueue(work);
            if (_isRunning) return true;
            _isRunning = true;
        }
        _ = Task.Run(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        while (TryTake(out var work)) await work();
    }

    private bool TryTake([NotNullWhen(true)] out Func<Task>? work)
    {
        lock (_lock) return _isRunning = _waiting.TryDequeue(out work);
    }
}

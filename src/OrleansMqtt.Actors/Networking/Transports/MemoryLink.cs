namespace OrleansMqtt.Actors.Networking.Transports;

/// <summary>The link between two end points of a <see cref="MemoryNetwork"/>, with the connections over it.</summary>
internal sealed class MemoryLink
{
    private readonly Lock _lock = new();
    private readonly HashSet<MemoryConnection> _connections = [];
    private TaskCompletionSource? _silence;
    private bool _broken;

    /// <summary>Completed while bytes pass; else it completes when they do again.</summary>
    public Task WhenCarrying => Volatile.Read(ref _silence)?.Task ?? Task.CompletedTask;

    public bool TryAdd(MemoryConnection connection)
    {
        lock (_lock)
        {
            return !_broken && _connections.Add(connection);
        }
    }

    public void Remove(MemoryConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    public void Break()
    {
        MemoryConnection[] connections;
        lock (_lock)
        {
            _broken = true;
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            connection.Reset();
        }
    }

    public void Silence()
    {
        lock (_lock)
        {
            _silence ??= new TaskCompletionSource();
        }
    }

    public void Heal()
    {
        TaskCompletionSource? silence;
        lock (_lock)
        {
            _broken = false;
            silence = _silence;
            _silence = null;
        }

        silence?.TrySetResult();
    }
}

namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// One clock for the time-outs of all connections: a wheel of one-second slots, turned by a single timer. A connection is looked at when
/// its time-out could have passed, and put further on when packets have come since. Nothing is touched per packet but one field.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const int Slots = 512;
    private readonly Lock _lock = new();
    private readonly List<(ClientConnection Connection, int Tick)>[] _wheel = new List<(ClientConnection, int)>[Slots];
    private readonly ITimer _timer;
    private int _tick;

    public Heartbeat(TimeProvider time)
    {
        for (var i = 0; i < Slots; i++) _wheel[i] = [];
        _timer = time.CreateTimer(_ => Turn(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Seconds since start.</summary>
    public int Tick => Volatile.Read(ref _tick);

    /// <summary>Looks at the connection when its present time-out has passed, and from then on.</summary>
    public void Watch(ClientConnection connection)
    {
        lock (_lock) Schedule(connection);
    }

    public void Dispose() => _timer.Dispose();

    private void Schedule(ClientConnection connection)
    {
        if (connection.TimeoutTicks == 0) return;
        var due = Math.Clamp(connection.LastReceivedTick + connection.TimeoutTicks, _tick + 1, _tick + Slots - 1);
        connection.WatchedTick = due;
        _wheel[due % Slots].Add((connection, due));
    }

    private void Turn()
    {
        List<ClientConnection>? late = null;
        lock (_lock)
        {
            Volatile.Write(ref _tick, _tick + 1);
            var slot = _wheel[_tick % Slots];
            if (slot.Count == 0) return;
            _wheel[_tick % Slots] = new List<(ClientConnection, int)>(0);
            foreach (var (connection, tick) in slot)
            {
                // Watched anew for another time since it was put here: that entry counts.
                if (connection.WatchedTick != tick || connection.HasEnded) continue;
                if (connection.TimeoutTicks > 0 && _tick - connection.LastReceivedTick >= connection.TimeoutTicks) (late ??= []).Add(connection);
                else Schedule(connection);
            }
        }
        foreach (var connection in late ?? []) connection.OnTimeout();
    }
}

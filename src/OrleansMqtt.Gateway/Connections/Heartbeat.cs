namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// One clock for the time-outs of all connections: a wheel of one-second slots, turned by a single timer. A connection is looked at when
/// its time-out could have passed, and put further on when packets have come since. Nothing is touched per packet but one field.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const int Slots = 512;
    private readonly Lock _lock = new();
    private readonly List<(ClientConnection Connection, long Tick)>[] _wheel = new List<(ClientConnection, long)>[Slots];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _tick;

    public Heartbeat(TimeProvider time)
    {
        for (var i = 0; i < Slots; i++) _wheel[i] = [];
        (_time, _start) = (time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Turn(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The next whole second since start, or this one on its first instant: a time-out counted from it is never cut short by the part of
    /// a second that has passed already.
    /// </summary>
    public long NextTick => (_time.GetTimestamp() - _start + _time.TimestampFrequency - 1) / _time.TimestampFrequency;

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

    // The clock counts, not the timer: a timer that fires late does not make the wheel fall behind.
    private void Turn()
    {
        List<ClientConnection>? late = null;
        lock (_lock)
        {
            var now = (_time.GetTimestamp() - _start) / _time.TimestampFrequency;
            // After a leap (a suspended machine) one turn of the wheel still meets everybody.
            _tick = Math.Max(_tick, now - Slots);
            while (_tick < now) TurnOnce(ref late);
        }
        foreach (var connection in late ?? []) connection.OnTimeout();
    }

    private void TurnOnce(ref List<ClientConnection>? late)
    {
        _tick++;
        var slot = _wheel[_tick % Slots];
        if (slot.Count == 0) return;
        _wheel[_tick % Slots] = new List<(ClientConnection, long)>(0);
        foreach (var (connection, tick) in slot)
        {
            // Watched anew for another time since it was put here: that entry counts.
            if (connection.WatchedTick != tick || connection.HasEnded) continue;
            if (connection.TimeoutTicks > 0 && _tick - connection.LastReceivedTick >= connection.TimeoutTicks) (late ??= []).Add(connection);
            else Schedule(connection);
        }
    }
}

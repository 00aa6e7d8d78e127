namespace OrleansMqtt.Gateway.Connections;

/// <summary>
/// One clock for the time-outs of all connections: a wheel of one-second slots, turned by a single timer. Whoever is watched is looked at when
/// its time-out could have passed, and put further on when packets have come since. Nothing is touched per packet but one field.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    private const int Slots = 512;
    private readonly Lock _lock = new();
    // Each slot is a list that runs through those it holds: putting in, moving and taking out are cheap, and who has ended is not held on to.
    private readonly Watched?[] _wheel = new Watched?[Slots];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _tick;

    public Heartbeat(TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => Turn(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>
    /// The next whole second since start, or this one on its first instant: a time-out counted from it is never cut short by the part of
    /// a second that has passed already.
    /// </summary>
    public long NextTick => (_time.GetTimestamp() - _start + _time.TimestampFrequency - 1) / _time.TimestampFrequency;

    /// <summary>The first whole second since start that is not before a moment.</summary>
    public long TickAt(DateTimeOffset moment)
    {
        var seconds = Math.Ceiling((_time.GetElapsedTime(_start) + (moment - _time.GetUtcNow())).TotalSeconds);
        return Math.Max(0, (long)seconds);
    }

    /// <summary>Watches it for its present time-out and until it expires, or no longer when it has neither.</summary>
    public void Watch(Watched watched)
    {
        lock (_lock)
        {
            Unlink(watched);
            if (DueOf(watched) != long.MaxValue) Schedule(watched);
        }
    }

    /// <summary>Watches it no longer.</summary>
    public void Forget(Watched watched)
    {
        lock (_lock) Unlink(watched);
    }

    public void Dispose() => _timer.Dispose();

    private void Schedule(Watched watched)
    {
        var due = Math.Clamp(DueOf(watched), _tick + 1, _tick + Slots - 1);
        var slot = (int)(due % Slots);
        (watched.Slot, watched.Next) = (slot, _wheel[slot]);
        if (watched.Next is { } next) next.Previous = watched;
        _wheel[slot] = watched;
    }

    private static long DueOf(Watched watched) => Math.Min(watched.ExpiryTick, watched.TimeoutTicks > 0 ? watched.LastReceivedTick + watched.TimeoutTicks : long.MaxValue);

    private void Unlink(Watched watched)
    {
        if (watched.Slot < 0) return;
        if (watched.Next is { } next) next.Previous = watched.Previous;
        if (watched.Previous is { } previous) previous.Next = watched.Next;
        else _wheel[watched.Slot] = watched.Next;
        (watched.Slot, watched.Next, watched.Previous) = (-1, null, null);
    }

    // The clock counts, not the timer: a timer that fires late does not make the wheel fall behind.
    private void Turn()
    {
        List<Watched>? late = null;
        lock (_lock)
        {
            var now = (_time.GetTimestamp() - _start) / _time.TimestampFrequency;
            // After a leap (a suspended machine) one turn of the wheel still meets everybody.
            _tick = Math.Max(_tick, now - Slots);
            while (_tick < now) TurnOnce(ref late);
        }
        foreach (var watched in late ?? []) watched.OnTimeout();
    }

    private void TurnOnce(ref List<Watched>? late)
    {
        _tick++;
        while (_wheel[_tick % Slots] is { } watched)
        {
            // It never lands in this slot again: a slot comes up once in a turn, and nothing is put further on than a turn.
            Unlink(watched);
            if (_tick >= DueOf(watched)) (late ??= []).Add(watched);
            else Schedule(watched);
        }
    }
}

namespace OrleansMqtt.PromiseCheck.History;

/// <summary>The history while it grows: append-only, in memory, and written to a file if there is one. Thread-safe.</summary>
/// <param name="time">Clock.</param>
/// <param name="file">Gets a JSON line per event; null for none.</param>
internal sealed class HistoryLog(TimeProvider time, TextWriter? file)
{
    private readonly Lock _lock = new();
    private readonly List<HistoryEvent> _events = [];
    private readonly long _start = time.GetTimestamp();
    private double _lastArrival;

    /// <summary>Seconds since the history began.</summary>
    public double Now => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>When a subscriber last got something, in seconds since the history began.</summary>
    public double LastArrival
    {
        get
        {
            lock (_lock) return _lastArrival;
        }
    }

    /// <summary>Appends an event; number and time are given here.</summary>
    public void Add(HistoryEvent item)
    {
        lock (_lock)
        {
            // Both under the lock, so that numbers and times ascend together.
            var numbered = item with { Number = _events.Count + 1, At = Math.Round(Now, 6) };
            _events.Add(numbered);
            if (item.Kind is EventKind.Received or EventKind.Suppressed) _lastArrival = numbered.At;
            file?.WriteLine(HistoryJson.Write(numbered));
        }
    }

    /// <summary>All that happened so far, in order.</summary>
    public IReadOnlyList<HistoryEvent> Snapshot()
    {
        lock (_lock) return [.. _events];
    }
}

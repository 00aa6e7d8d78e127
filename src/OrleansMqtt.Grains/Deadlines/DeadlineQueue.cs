using OrleansMqtt.Deadlines;
using OrleansMqtt.Storage;

namespace OrleansMqtt.Grains.Deadlines;

/// <summary>Due times, one per client and kind, and which comes next.</summary>
internal sealed class DeadlineQueue
{
    private const int SpareEntries = 64;
    private readonly Dictionary<(string, DeadlineKind), Deadline> _deadlines = [];

    // Holds moved and removed times too, until they come up or outnumber those in force.
    private readonly PriorityQueue<Deadline, long> _order = new();

    /// <summary>Times in force.</summary>
    public int Count => _deadlines.Count;

    /// <summary>Entries that take memory.</summary>
    internal int Entries => _order.Count;

    /// <summary>Sets the time of one client and kind.</summary>
    public void Set(Deadline deadline)
    {
        _deadlines[(deadline.ClientId, deadline.Kind)] = deadline;
        Enqueue(deadline, deadline.Due);
    }

    /// <summary>The time of one client and kind; null when there is none.</summary>
    public Deadline? Find(string clientId, DeadlineKind kind) => _deadlines.TryGetValue((clientId, kind), out var deadline) ? deadline : null;

    /// <summary>Whether this very time is in force: neither moved nor removed.</summary>
    public bool Contains(Deadline deadline) => Find(deadline.ClientId, deadline.Kind) == deadline;

    /// <summary>Removes this very time, if it is in force.</summary>
    public void Remove(Deadline deadline)
    {
        if (Contains(deadline)) _deadlines.Remove((deadline.ClientId, deadline.Kind));
    }

    /// <summary>Brings a time that was taken up again at <paramref name="at"/>, if it is in force. It stays the time that was set.</summary>
    public void Postpone(Deadline deadline, long at)
    {
        if (Contains(deadline)) Enqueue(deadline, at);
    }

    /// <summary>Takes the next time up that is due; it stays in force until it is removed.</summary>
    public bool TryTake(long now, out Deadline deadline)
    {
        while (_order.TryPeek(out deadline, out var due) && due <= now)
        {
            _order.Dequeue();
            if (Contains(deadline)) return true;
        }
        deadline = default;
        return false;
    }

    /// <summary>No time comes up before this one; null when nothing waits.</summary>
    public long? Next => _order.TryPeek(out _, out var due) ? due : null;

    private void Enqueue(Deadline deadline, long at)
    {
        // Clients that come and go leave one entry each time, mostly for a time that is hours away.
        if (_order.Count >= SpareEntries + 2 * _deadlines.Count) Rebuild();
        _order.Enqueue(deadline, at);
    }

    private void Rebuild()
    {
        var inForce = _order.UnorderedItems.Where(item => Contains(item.Element)).Distinct().ToList();
        _order.Clear();
        _order.EnqueueRange(inForce);
    }
}

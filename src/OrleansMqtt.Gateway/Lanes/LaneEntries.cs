using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>The messages of a lane from the first that has no outcome to the last, by their numbers. Under the lane's lock.</summary>
internal sealed class LaneEntries
{
    private LaneEntry[] _ring = new LaneEntry[64];

    /// <summary>The lowest number without an outcome; one more than the last when there is none.</summary>
    public long Floor { get; private set; } = 1;

    /// <summary>The last number; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>How many have no outcome.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next one.</summary>
    public void Add(LaneEntry entry)
    {
        if (Last + 1 - Floor == _ring.Length) Grow();
        _ring[++Last & (_ring.Length - 1)] = entry;
        Count++;
    }

    /// <summary>Whether the message has an outcome.</summary>
    public bool IsDone(long number) => number < Floor || _ring[number & (_ring.Length - 1)].IsDone;

    /// <summary>The message has its outcome. Returns what was known of it; <see cref="LaneEntry.IsDone"/> if it had one before.</summary>
    public LaneEntry Finish(long number)
    {
        if (number < Floor) return new LaneEntry(null, 0, null, true);
        ref var entry = ref _ring[number & (_ring.Length - 1)];
        var known = entry;
        if (known.IsDone) return known;
        entry = new LaneEntry(null, 0, null, true);
        Count--;
        while (Floor <= Last && _ring[Floor & (_ring.Length - 1)].IsDone) Floor++;
        return known;
    }

    /// <summary>The numbers of those behind <paramref name="number"/> that belong to a stream and have no outcome.</summary>
    public IEnumerable<long> Behind(long number, PublishStream stream)
    {
        for (var next = Math.Max(number + 1, Floor); next <= Last; next++)
            if (_ring[next & (_ring.Length - 1)] is { IsDone: false } entry && entry.Stream == stream) yield return next;
    }

    private void Grow()
    {
        var larger = new LaneEntry[_ring.Length * 2];
        for (var number = Floor; number <= Last; number++) larger[number & (larger.Length - 1)] = _ring[number & (_ring.Length - 1)];
        _ring = larger;
    }
}

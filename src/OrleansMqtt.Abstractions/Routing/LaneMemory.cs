using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>
/// How far the lanes of all gateways have come here: what a receiver recognizes by that it has been given a message before. Bounded: lanes that have not been heard of for
/// long are forgotten, when as many others have been. Thread-safe; what it finds is used under a lock on it.
/// </summary>
/// <remarks>
/// Every router gives a receiver the messages of a lane in their order and leaves none out, and a router that takes a lane over begins with the first message that the
/// lane has no answer for. So, with two exceptions, a receiver has been given all numbers up to the highest it has seen, and one number per lane is enough: whatever does not
/// exceed it is a repeat, also when a router that was given up goes on late. The exceptions are a message of a shared group that one member passes on to
/// another, and one that a filter has held up: they may come behind later ones. Those are remembered one by one, until their lane says that it has been answered.
/// </remarks>
internal sealed class LaneMemory(int capacity = LaneMemory.DefaultCapacity)
{
    private const int DefaultCapacity = 16_384;
    private readonly Lock _lock = new();
    private Dictionary<long, LaneProgress> _recent = [];
    private Dictionary<long, LaneProgress> _older = [];

    /// <summary>How far the lane has come.</summary>
    public LaneProgress Of(long lane)
    {
        lock (_lock)
        {
            if (_recent.TryGetValue(lane, out var known)) return known;
            if (!_older.TryGetValue(lane, out known)) known = new LaneProgress();
            if (_recent.Count >= capacity) (_older, _recent) = (_recent, []);
            _recent[lane] = known;
            return known;
        }
    }
}

/// <summary>How far one lane has come at one receiver. Under a lock on it.</summary>
internal sealed class LaneProgress
{
    private long _last, _floor;
    private HashSet<(long Number, SharedGroupKey? Group)>? _apart;

    /// <summary>Whether the message has been here.</summary>
    public bool Knows(LaneStamp stamp) => stamp.Number <= _last;

    /// <summary>The message is here.</summary>
    public void Take(LaneStamp stamp)
    {
        Raise(stamp);
        _last = Math.Max(_last, stamp.Number);
    }

    /// <summary>Whether a member of the group, or without one whoever a late message was for, has been given the message here, or it is known to be settled anywhere.</summary>
    public bool KnowsApart(LaneStamp stamp, SharedGroupKey? group)
    {
        Raise(stamp);
        return stamp.Number < _floor || _apart?.Contains((stamp.Number, group)) == true;
    }

    /// <summary>A member of the group, or without one whoever a late message is for, has the message here.</summary>
    public void TakeApart(LaneStamp stamp, SharedGroupKey? group) => (_apart ??= []).Add((stamp.Number, group));

    private void Raise(LaneStamp stamp)
    {
        if (stamp.Floor <= _floor) return;
        _floor = stamp.Floor;
        if (_apart is { Count: > 0 }) _apart.RemoveWhere(taken => taken.Number < _floor);
    }
}

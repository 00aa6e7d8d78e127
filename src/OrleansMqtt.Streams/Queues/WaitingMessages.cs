using System.Collections.Immutable;

namespace OrleansMqtt.Streams.Queues;

/// <summary>The messages of a queue that have come and are not acknowledged, in order.</summary>
internal sealed class WaitingMessages(long before)
{
    private readonly List<Entry> _entries = [];
    private long _last = before;
    private TaskCompletionSource? _room;

    /// <summary>Adds a message, once for each filter.</summary>
    /// <param name="message">The message.</param>
    /// <param name="filters">At least one.</param>
    /// <param name="packetId">What it is acknowledged by; 0 at QoS 0.</param>
    public void Add(MqttMessage message, IReadOnlyList<string> filters, ushort packetId)
    {
        // With the last of them the message is done.
        for (var i = 0; i < filters.Count; i++) _entries.Add(new Entry(new QueuedMessage(++_last, filters[i], message), i == filters.Count - 1 ? packetId : (ushort)0, packetId != 0));
    }

    /// <summary>Completes when there is room for more.</summary>
    public ValueTask WhenRoom(int most) => _entries.Count < most ? default : new ValueTask((_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);

    /// <summary>Those behind a position.</summary>
    public ImmutableArray<QueuedMessage> Read(long after, int maximum)
    {
        var first = _entries.FindIndex(entry => entry.Queued.Position > after);
        return first < 0 ? [] : [.. _entries.Skip(first).Take(maximum).Select(static entry => entry.Queued)];
    }

    /// <summary>Removes those up to a position, and gives what is to be acknowledged, in order.</summary>
    public List<ushort> Remove(long through)
    {
        var count = _entries.FindIndex(entry => entry.Queued.Position > through) is var next && next < 0 ? _entries.Count : next;
        List<ushort> done = [.. _entries.Take(count).Select(static entry => entry.PacketId).Where(static packetId => packetId != 0)];
        _entries.RemoveRange(0, count);
        if (count > 0) Interlocked.Exchange(ref _room, null)?.SetResult();
        return done;
    }

    /// <summary>Removes those that come again by another connection.</summary>
    public void RemoveRepeated()
    {
        _entries.RemoveAll(static entry => entry.ComesAgain);
        Interlocked.Exchange(ref _room, null)?.SetResult();
    }

    private readonly record struct Entry(QueuedMessage Queued, ushort PacketId, bool ComesAgain);
}

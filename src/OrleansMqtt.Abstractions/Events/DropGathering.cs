using System.Text;
using OrleansMqtt.Diagnostics;

namespace OrleansMqtt.Events;

/// <summary>Makes one event of what is dropped for one reason and one client within a moment, so that a flood of drops is none of events. Any thread, with any lock of others held.</summary>
internal sealed class DropGathering : IDisposable
{
    /// <summary>The moment.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // Of clients beyond it nothing is told apart but the reason.
    private const int MostClients = 1000;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly Action<MessageDropped> _post;
    private Dictionary<Key, MessageDropped> _dropped = [];

    public DropGathering(TimeProvider time, Action<MessageDropped> post)
    {
        _post = post;
        _timer = time.CreateTimer(static gathering => ((DropGathering)gathering!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    // What is published of events is apart: who watches drops by them must not hear of his own for ever.
    private readonly record struct Key(DropReason Reason, string? ClientId, bool IsEvent);

    /// <summary>Copies have been dropped.</summary>
    public void Add(DropReason reason, ReadOnlySpan<byte> topic, string? clientId, long count)
    {
        if (count <= 0) return;
        lock (_lock)
        {
            var key = new Key(reason, clientId, EventTopic.IsEvent(topic));
            if (_dropped.Count >= MostClients && !_dropped.ContainsKey(key)) key = key with { ClientId = null };
            if (_dropped.Count == 0) _timer.Change(Moment, Timeout.InfiniteTimeSpan);
            _dropped[key] = _dropped.TryGetValue(key, out var known)
                ? known with { Count = known.Count + count }
                : new MessageDropped { Reason = reason, ClientId = key.ClientId, Topic = topic.IsEmpty ? null : Encoding.UTF8.GetString(topic), Count = count };
        }
    }

    /// <summary>Tells what has gathered.</summary>
    public void Flush()
    {
        Dictionary<Key, MessageDropped> dropped;
        lock (_lock) (dropped, _dropped) = (_dropped, []);
        foreach (var each in dropped.Values) _post(each);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}

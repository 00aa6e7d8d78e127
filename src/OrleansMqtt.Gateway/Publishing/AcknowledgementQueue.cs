using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateway.Publishing;

/// <summary>
/// Acknowledgements that a publisher is owed, in the order of its messages [MQTT-4.6.0-2], [MQTT-4.6.0-3]: one that is ready waits for
/// those before it. Entries become ready on any thread.
/// </summary>
internal sealed class AcknowledgementQueue(Action<PacketType, ushort, ReasonCode> write)
{
    private readonly Queue<Entry> _entries = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private int _count;

    /// <summary>One owed acknowledgement.</summary>
    internal sealed class Entry(PacketType type, ushort packetId)
    {
        /// <summary>What is written; 0 for a QoS 0 message, which only holds its publisher back.</summary>
        public PacketType Type { get; } = type;

        public ushort PacketId { get; } = packetId;

        public ReasonCode Reason { get; set; }

        public bool IsReady { get; set; }
    }

    /// <summary>Entries waiting.</summary>
    // Without the lock, for it is asked with every packet.
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds an entry that is not ready.</summary>
    public Entry Add(PacketType type, ushort packetId)
    {
        var entry = new Entry(type, packetId);
        lock (_lock) Enqueue(entry);
        return entry;
    }

    /// <summary>Writes the acknowledgement now if none waits before it; else it waits its turn.</summary>
    public void AddReady(PacketType type, ushort packetId, ReasonCode reason)
    {
        lock (_lock)
        {
            if (_entries.Count == 0) write(type, packetId, reason);
            else Enqueue(new Entry(type, packetId) { Reason = reason, IsReady = true });
        }
    }

    /// <summary>An entry has become ready: it is written, with those behind it that were, once it is first in line.</summary>
    public void Complete(Entry entry, ReasonCode reason)
    {
        using var batch = DeliveryBatch.Begin();
        lock (_lock)
        {
            (entry.Reason, entry.IsReady) = (reason, true);
            while (_entries.TryPeek(out var first) && first.IsReady)
            {
                _entries.Dequeue();
                if (first.Type != 0) write(first.Type, first.PacketId, first.Reason);
            }
            Volatile.Write(ref _count, _entries.Count);
            if (_room is null || _entries.Count > _roomCount) return;
            _room.SetResult();
            _room = null;
        }
    }

    private void Enqueue(Entry entry)
    {
        _entries.Enqueue(entry);
        Volatile.Write(ref _count, _entries.Count);
    }

    private int _roomCount;

    /// <summary>Completes when at most <paramref name="count"/> entries wait.</summary>
    public Task WaitAsync(int count)
    {
        lock (_lock)
        {
            if (_entries.Count <= count) return Task.CompletedTask;
            _roomCount = count;
            return (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}

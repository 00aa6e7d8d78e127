using System.Collections.Immutable;
using Orleans.Storage;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The retained messages of one partition, by topic, in memory; every change is in the store before it is seen here.</summary>
internal sealed class RetainedMessages(IRetainedStore store, BrokerMetrics metrics, TimeProvider time)
{
    private readonly TopicIndex<Message> _index = new();
    private readonly int[] _firstLevels = new int[RetainedPresence.Bits];
    private RetainedPresence? _presence;
    private long _epoch;
    private int _undollared;

    public int Count => _index.Count;

    /// <summary>What may be found here.</summary>
    public RetainedPresence Presence => _presence ??= RetainedPresence.Of(_firstLevels, _undollared);

    /// <summary>Begins. Returns the partition's epoch, which is higher than <paramref name="epoch"/>, and nothing loaded, when another activation writes now.</summary>
    public async Task<long> LoadAsync(int partition, long epoch)
    {
        // From here on nobody before this one stores anything that this one does not load.
        _epoch = await store.OpenAsync(partition, epoch);
        if (epoch > 0 && _epoch != epoch) return _epoch;
        await foreach (var message in store.LoadAsync(partition)) Set(message);
        metrics.CountRetained(_index.Count);
        return _epoch;
    }

    /// <summary>The retained message of a topic, expired or not; null if there is none.</summary>
    public Message? Find(ReadOnlySpan<byte> topic) => _index.Find(topic);

    /// <summary>Stores messages as their topics' retained ones, in order.</summary>
    /// <exception cref="InconsistentStateException">Another activation writes now. Nothing was stored.</exception>
    public async Task StoreAsync(int partition, ImmutableArray<Message> messages)
    {
        // The broker's own figures are of this process: they are made anew after each start.
        var stored = messages.RemoveAll(static message => message.Topic.StartsWith("$SYS/"u8));
        if (!stored.IsEmpty) await store.StoreAsync(partition, _epoch, stored);
        var before = _index.Count;
        foreach (var message in messages)
        {
            // [MQTT-3.3.1-6]: an empty payload removes; [MQTT-3.3.1-5]: otherwise the message replaces the one before.
            if (message.Payload.IsEmpty) Remove(message.Topic);
            else Set(message);
        }
        metrics.CountRetained(_index.Count - before);
    }

    /// <summary>A page of what <paramref name="filter"/> matches. Expired messages met on the way are left out and forgotten.</summary>
    public RetainedPage Read(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> after, int maximum)
    {
        var found = new List<Message>(Math.Min(maximum, 256));
        var more = _index.Scan(filter, after, maximum, found, out var last);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var expired in found.Where(m => m.HasExpired(now)))
            if (Remove(expired.Topic)) metrics.CountRetained(-1);
        found.RemoveAll(m => m.HasExpired(now));
        return new RetainedPage([.. found], more ? last : (ReadOnlyMemory<byte>?)null);
    }

    private void Set(Message message)
    {
        if (_index.Set(message.Topic, message) is null) CountTopic(message.Topic, 1);
    }

    private bool Remove(ReadOnlySpan<byte> topic)
    {
        if (_index.Remove(topic) is null) return false;
        CountTopic(topic, -1);
        return true;
    }

    private void CountTopic(ReadOnlySpan<byte> topic, int change)
    {
        ref var count = ref _firstLevels[RetainedPresence.BitOf(topic)];
        var (countBefore, undollaredBefore) = (count, _undollared);
        count += change;
        if (topic[0] != (byte)'$') _undollared += change;
        if (count == 0 || countBefore == 0 || _undollared == 0 || undollaredBefore == 0) _presence = null;
    }
}

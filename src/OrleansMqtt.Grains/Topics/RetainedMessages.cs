using System.Collections.Immutable;
using Orleans.Storage;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Topics;

/// <summary>The retained messages of one partition, by topic, in memory; every change is in the store before it is seen here.</summary>
internal sealed class RetainedMessages(IRetainedStore store, RetainedQuota quota, BrokerMetrics metrics, TimeProvider time)
{
    private readonly TopicIndex<Message> _index = new();
    private readonly int[] _firstLevels = new int[RetainedPresence.Bits];
    private RetainedPresence? _presence;
    private long _epoch;
    private int _undollared;
    // Of what is not the broker's own: that is not limited.
    private long _count, _bytes;
    private bool _isLoaded;

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
        quota.Add(_count, _bytes);
        _isLoaded = true;
        return _epoch;
    }

    /// <summary>The retained message of a topic, expired or not; null if there is none.</summary>
    public Message? Find(ReadOnlySpan<byte> topic) => _index.Find(topic);

    /// <summary>Whether a message is one of the broker's own figures: they are of this process, and made anew after each start.</summary>
    public static bool IsOwn(Message message) => message.Topic.StartsWith("$SYS/"u8);

    /// <summary>Stores messages as their topics' retained ones, in order. Returns those that there was no room for, or null.</summary>
    /// <exception cref="InconsistentStateException">Another activation writes now. Nothing was stored.</exception>
    public async Task<IReadOnlyList<Message>?> StoreAsync(int partition, ImmutableArray<Message> messages)
    {
        List<Message>? refused = null;
        var (count, bytes) = (_count, _bytes);
        if (quota.IsLimited)
        {
            messages = new RetainedAdmission(this, quota).Take(messages, out var taken, ref refused);
            try
            {
                await StoreAllAsync(partition, messages);
            }
            finally
            {
                // What is here now is counted below.
                quota.Add(-taken.Messages, -taken.Bytes);
                quota.Add(_count - count, _bytes - bytes);
            }
            metrics.CountRefused(RefusalKind.Retained, refused?.Count ?? 0);
        }
        else
        {
            await StoreAllAsync(partition, messages);
            quota.Add(_count - count, _bytes - bytes);
        }
        return refused;
    }

    /// <summary>They are another activation's from now on, or nobody's.</summary>
    public void Leave()
    {
        if (!_isLoaded) return;
        metrics.CountRetained(-_index.Count);
        quota.Add(-_count, -_bytes);
    }

    private async Task StoreAllAsync(int partition, ImmutableArray<Message> messages)
    {
        var stored = messages.RemoveAll(IsOwn);
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
        foreach (var expired in found.Where(m => m.HasExpired(now))) Forget(expired);
        found.RemoveAll(m => m.HasExpired(now));
        return new RetainedPage([.. found], more ? last : (ReadOnlyMemory<byte>?)null);
    }

    private void Forget(Message expired)
    {
        var (count, bytes) = (_count, _bytes);
        if (Remove(expired.Topic)) metrics.CountRetained(-1);
        quota.Add(_count - count, _bytes - bytes);
    }

    private void Set(Message message)
    {
        if (_index.Set(message.Topic, message) is { } before) Weigh(before, -1);
        else CountTopic(message.Topic, 1);
        Weigh(message, 1);
    }

    private bool Remove(ReadOnlySpan<byte> topic)
    {
        if (_index.Remove(topic) is not { } before) return false;
        Weigh(before, -1);
        CountTopic(topic, -1);
        return true;
    }

    private void Weigh(Message message, int change)
    {
        if (IsOwn(message)) return;
        (_count, _bytes) = (_count + change, _bytes + (change * message.Size));
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

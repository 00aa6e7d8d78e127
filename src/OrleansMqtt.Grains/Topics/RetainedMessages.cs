using System.Collections.Immutable;
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

    public int Count => _index.Count;

    public async Task LoadAsync(int partition)
    {
        await foreach (var message in store.LoadAsync(partition)) _index.Set(message.Topic, message);
        metrics.CountRetained(_index.Count);
    }

    public async Task StoreAsync(int partition, ImmutableArray<Message> messages)
    {
        await store.StoreAsync(partition, messages);
        var before = _index.Count;
        foreach (var message in messages)
        {
            // [MQTT-3.3.1-6]: an empty payload removes; [MQTT-3.3.1-5]: otherwise the message replaces the one before.
            if (message.Payload.IsEmpty) _index.Remove(message.Topic);
            else _index.Set(message.Topic, message);
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
            if (_index.Remove(expired.Topic) is not null) metrics.CountRetained(-1);
        found.RemoveAll(m => m.HasExpired(now));
        return new RetainedPage([.. found], more ? last : (ReadOnlyMemory<byte>?)null);
    }
}

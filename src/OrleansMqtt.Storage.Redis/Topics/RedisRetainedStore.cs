using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Redis.Connections;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Topics;

/// <summary>Retained messages: a hash for each partition, topic → message.</summary>
internal sealed class RedisRetainedStore(RedisClient client, RedisHash hash) : IRetainedStore
{
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(hash.OpenAsync(client.Keys.Retained(partition), epoch));

    public IAsyncEnumerable<Message> LoadAsync(int partition) => hash.LoadAsync(client.Keys.Retained(partition), static (_, value) => MessageFormat.Decode(value));

    public ValueTask StoreAsync(int partition, long epoch, ImmutableArray<Message> messages)
    {
        var changes = new Dictionary<RedisValue, RedisValue>(messages.Length);
        foreach (var message in messages)
            changes[message.Topic.ToArray()] = message.Payload.IsEmpty ? RedisValue.Null : MessageFormat.Encode(message).ToArray();
        return new(hash.ApplyAsync(client.Keys.Retained(partition), partition, epoch, changes));
    }
}

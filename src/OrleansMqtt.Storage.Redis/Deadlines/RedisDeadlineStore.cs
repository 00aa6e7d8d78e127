using System.Collections.Immutable;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Redis.Connections;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Deadlines;

/// <summary>Due times: a hash for each shard, kind and client → due time.</summary>
internal sealed class RedisDeadlineStore(RedisClient client, RedisHash hash) : IDeadlineStore
{
    public async ValueTask<ImmutableArray<Deadline>> LoadAsync(int shard)
    {
        var deadlines = ImmutableArray.CreateBuilder<Deadline>();
        await foreach (var deadline in hash.LoadAsync(client.Keys.Deadlines(shard), static (_, value) => DeadlineFormat.Decode(value))) deadlines.Add(deadline);
        return deadlines.ToImmutable();
    }

    public ValueTask SetAsync(int shard, Deadline deadline) =>
        new(hash.ApplyAsync(client.Keys.Deadlines(shard), new Dictionary<RedisValue, RedisValue> { [FieldOf(deadline)] = Encode(deadline) }));

    public ValueTask RemoveAsync(int shard, Deadline deadline) => new(hash.RemoveExactAsync(client.Keys.Deadlines(shard), FieldOf(deadline), Encode(deadline)));

    private static RedisValue FieldOf(Deadline deadline) => $"{(int)deadline.Kind}:{deadline.ClientId}";

    private static RedisValue Encode(Deadline deadline) => DeadlineFormat.Encode(deadline).ToArray();
}

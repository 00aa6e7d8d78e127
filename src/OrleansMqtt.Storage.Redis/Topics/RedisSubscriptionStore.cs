using System.Collections.Immutable;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage.Formats;
using OrleansMqtt.Storage.Redis.Connections;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Topics;

/// <summary>Routes: a hash for each partition, what tells a route apart → the route.</summary>
internal sealed class RedisSubscriptionStore(RedisClient client, RedisHash hash) : ISubscriptionStore
{
    public ValueTask<long> OpenAsync(int partition, long epoch) => new(hash.OpenAsync(client.Keys.Routes(partition), epoch));

    public async ValueTask<ImmutableArray<RouteChange>> LoadAsync(int partition)
    {
        var routes = ImmutableArray.CreateBuilder<RouteChange>();
        await foreach (var route in hash.LoadAsync(client.Keys.Routes(partition), static (_, value) => RouteChangeFormat.Decode(value))) routes.Add(route);
        return routes.ToImmutable();
    }

    public ValueTask ApplyAsync(int partition, long epoch, ImmutableArray<RouteChange> changes)
    {
        var last = new Dictionary<RedisValue, RedisValue>(changes.Length);
        foreach (var change in changes)
            last[RouteChangeFormat.Key(change).ToArray()] = change.Removed ? RedisValue.Null : RouteChangeFormat.Encode(change).ToArray();
        return new(hash.ApplyAsync(client.Keys.Routes(partition), partition, epoch, last));
    }
}

using Orleans;
using OrleansMqtt.Storage.Redis.Keys;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>
/// The actor runtime of a cluster's silos, which the store carries: those of another one have the same table of members, and do not understand a word.
/// </summary>
internal static class RedisRuntime
{
    /// <summary>That of this program.</summary>
    public static string Name { get; } = typeof(IGrain).Assembly.GetName().Name!;

    /// <summary>Marks a new store with that of this program.</summary>
    /// <exception cref="StoreUnusableException">The store has another one.</exception>
    public static async Task EnsureAsync(RedisLink link, RedisKeys keys, string server)
    {
        var found = (string?)await link.Database.StringGetAsync(keys.Runtime);
        // Two that start at once: one of them marks it, and what that was both read.
        if (found is null && !await link.Database.StringSetAsync(keys.Runtime, Name, when: When.NotExists)) found = await link.Database.StringGetAsync(keys.Runtime);
        if (found is null || found == Name) return;
        throw new StoreUnusableException(
            $"The cluster in {server} runs on {found}, this program on {Name}, which do not understand each other: start one that is built for the same actor runtime, or stop all its processes and delete the key {keys.Runtime}.");
    }
}

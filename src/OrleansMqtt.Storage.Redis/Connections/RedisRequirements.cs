using System.Globalization;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <summary>What the configured durability level needs of the server.</summary>
internal static class RedisRequirements
{
    /// <summary>What Redis does not honour, one sentence; null when it honours the level.</summary>
    /// <exception cref="StoreUnusableException">The server cannot be used at any level.</exception>
    public static async Task<string?> FindShortfallAsync(RedisLink link, RedisStoreOptions options, string server)
    {
        if (link.Info.GetValueOrDefault("role") is "slave") throw new StoreUnusableException($"{Capitalized(server)} is a replica, which takes no writes: name its primary.");
        if (link.Info.GetValueOrDefault("cluster_enabled") == "1") throw new StoreUnusableException($"{Capitalized(server)} is part of a Redis Cluster, which this store does not support: name a single primary.");
        if (options.Durability.Level == DurabilityLevel.Memory) return null;
        try
        {
            return await FindEvictionAsync(link, options, server) ?? options.Durability.Level switch
            {
                DurabilityLevel.Disk => await FindUnsyncedAsync(link, options, server),
                DurabilityLevel.Replica => FindMissingReplicas(link, options, server),
                _ => null,
            };
        }
        catch (RedisServerException exception)
        {
            return $"{Capitalized(server)} does not answer CONFIG GET ({exception.Message.TrimEnd('.')}), so that durability {options.Durability} cannot be checked: allow the command.";
        }
    }

    private static async Task<string?> FindEvictionAsync(RedisLink link, RedisStoreOptions options, string server)
    {
        var (limit, policy) = (await GetAsync(link, "maxmemory"), await GetAsync(link, "maxmemory-policy"));
        return limit == "0" || policy == "noeviction" ? null
            : $"{Capitalized(server)} says maxmemory {limit} and maxmemory-policy {policy}, so that it may evict what was acknowledged; durability {options.Durability} needs maxmemory-policy noeviction.";
    }

    private static async Task<string?> FindUnsyncedAsync(RedisLink link, RedisStoreOptions options, string server)
    {
        var (append, sync) = (await GetAsync(link, "appendonly"), await GetAsync(link, "appendfsync"));
        if (append == "yes" && sync == "always") return null;
        if (append == "yes" && HasWaitAof(link))
        {
            link.NeedsWaitAof = true;
            return null;
        }
        var says = append == "yes" ? $"appendfsync {sync}" : $"appendonly {append}";
        return $"{Capitalized(server)} says {says}; durability {options.Durability} needs appendonly yes and appendfsync always.";
    }

    private static string? FindMissingReplicas(RedisLink link, RedisStoreOptions options, string server)
    {
        var connected = link.Info.GetValueOrDefault("connected_slaves") ?? "0";
        return int.Parse(connected, CultureInfo.InvariantCulture) >= options.Durability.Replicas ? null
            : $"{Capitalized(server)} says connected_slaves {connected}; durability {options.Durability} needs {options.Durability.Replicas}.";
    }

    private static bool HasWaitAof(RedisLink link) => System.Version.TryParse(link.Info.GetValueOrDefault("redis_version"), out var version) && version >= new Version(7, 2);

    private static async Task<string?> GetAsync(RedisLink link, string setting)
    {
        var pair = ((RedisResult[])await link.Database.ExecuteAsync("CONFIG", "GET", setting))!;
        return pair.Length < 2 ? null : (string)pair[1]!;
    }

    // "redis 127.0.0.1:6379" begins a sentence.
    private static string Capitalized(string server) => char.ToUpperInvariant(server[0]) + server[1..];
}

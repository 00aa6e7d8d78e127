using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Store` section; in a cluster, its server is the store.</summary>
/// <param name="Path">Directory of the embedded store; `memory`: nothing outlives the process.</param>
/// <param name="Redis">The Redis server that keeps everything instead; null for none.</param>
/// <param name="Durability">What an acknowledged message survives.</param>
/// <param name="Strict">Whether a store that cannot honour it is refused.</param>
internal sealed record StoreSettings(string Path, RedisServer? Redis, StoreDurability Durability, bool Strict)
{
    /// <summary>The key of the store's own server, where there is no cluster's.</summary>
    public const string OwnRedisKey = "Store:Redis";

    private const string Memory = "memory";
    private const string DefaultPath = "data";

    /// <summary>Whether nothing outlives the process.</summary>
    public bool IsMemory => Redis is null && Path == Memory;

    /// <summary>Reads it.</summary>
    public static StoreSettings Read(SettingsReader reader, ClusterSettings cluster)
    {
        var redis = ReadRedis(reader, cluster);
        if (redis is not null && new RedisStoreOptions { ConnectionString = redis.ConnectionString, SettingName = redis.Key }.FindProblem() is { } problem) reader.Report(problem);
        var path = reader.Get("Store:Path");
        if (redis is not null && path.Text is not null)
            reader.Report($"Store:Path is \"{path.Text}\", but {redis.Key} names the server that keeps everything; allowed is one of the two.");
        var directory = path.Parse<string>(TryParsePath, "memory or the path of a directory", DefaultPath);
        var isMemory = redis is null && directory == Memory;
        var fallback = new StoreDurability(isMemory ? DurabilityLevel.Memory : DurabilityLevel.Disk);
        var allowed = isMemory ? Memory : redis is null ? "process or disk" : "process, disk or replica(n) with n from 1";
        var durability = reader.Get("Store:Durability").Parse(
            (string value, out StoreDurability level) => StoreDurability.TryParse(value, out level) && (level.Level switch
            {
                DurabilityLevel.Memory => isMemory,
                DurabilityLevel.Replica => redis is not null,
                _ => !isMemory,
            }),
            $"{allowed} where the store is {(isMemory ? Memory : redis is null ? "a directory" : "Redis")}",
            fallback);
        return new StoreSettings(directory, redis, durability, reader.Get("Store:Strict").Flag(false));
    }

    private static RedisServer? ReadRedis(SettingsReader reader, ClusterSettings cluster)
    {
        var own = reader.Get(OwnRedisKey);
        if (cluster.Redis is { } shared)
        {
            if (own.Text is not null) reader.Report($"{own.Key} is set, but {ClusterSettings.RedisKey} names the server that keeps everything; allowed is one of the two.");
            return new RedisServer(shared, ClusterSettings.RedisKey);
        }
        return own.Text is { Length: > 0 } text ? new RedisServer(text, OwnRedisKey) : null;
    }

    private static bool TryParsePath(string text, out string path)
    {
        path = text.Equals(Memory, StringComparison.OrdinalIgnoreCase) ? Memory : text;
        return !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);
    }
}

using OrleansMqtt.Storage.Redis.Connections;

namespace OrleansMqtt.Storage.Redis;

/// <summary>Where the store is and what it promises.</summary>
public sealed record RedisStoreOptions
{
    /// <summary>StackExchange.Redis connection string, such as <c>127.0.0.1:6379,password=…</c>: one primary, Redis 5.0 or later (tested with 7.0). Its replicas need not be named.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Name of the setting that <see cref="ConnectionString"/> comes from, for messages to whoever has to correct it.</summary>
    public string SettingName { get; init; } = "Cluster:Redis";

    /// <summary>Name of the cluster: all keys begin with it, so that several clusters can share a server.</summary>
    public string ClusterId { get; init; } = "orleansmqtt";

    /// <summary>The Orleans service that grain states belong to; null: <see cref="ClusterId"/>.</summary>
    public string? ServiceId { get; init; }

    /// <summary>What an acknowledged write survives.</summary>
    public StoreDurability Durability { get; init; } = new(DurabilityLevel.Disk);

    /// <summary>Whether a server that cannot honour <see cref="Durability"/> is refused. Otherwise it is a warning.</summary>
    public bool Strict { get; init; }

    /// <summary>How long a read or write waits for Redis, from its call to its answer, before it fails with <see cref="StoreUnavailableException"/>.</summary>
    public TimeSpan MaximumWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many writes may wait at a time. One more fails at once with <see cref="StoreUnavailableException"/>.</summary>
    public int MaximumWaitingWrites { get; init; } = 100_000;

    /// <summary>How long the answers of the pipelined writes may take before the connection is held for dead and replaced.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long writes wait for replicas (<see cref="DurabilityLevel.Replica"/>) or for a sync (WAITAOF), once per pipeline. Less than <see cref="AnswerTimeout"/>.</summary>
    public TimeSpan BarrierTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong with <see cref="ConnectionString"/>, as a sentence without its values; null if nothing is.</summary>
    public string? FindProblem()
    {
        try
        {
            RedisConfiguration.Parse(this);
            return null;
        }
        catch (StoreUnusableException exception)
        {
            return exception.Message;
        }
    }
}

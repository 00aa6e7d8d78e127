using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Storage.Redis.Connections;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis;

/// <summary>Which topics and Redis channels of the same names are one.</summary>
public sealed record RedisChannelOptions
{
    /// <summary>StackExchange.Redis connection string. Of several addresses the first that answers is used.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Name of the setting that <see cref="ConnectionString"/> comes from, for messages to whoever has to correct it.</summary>
    public string SettingName { get; init; } = "Redis:Channels:Server";

    /// <summary>Name of the cluster: by it a broker knows its own messages when they come back.</summary>
    public string ClusterId { get; init; } = "orleansmqtt";

    /// <summary>Topic filters of what goes to Redis.</summary>
    public IReadOnlyList<string> Publish { get; init; } = [];

    /// <summary>Topic filters of what comes from Redis. None begins with <c>$</c>: those topics are the broker's own.</summary>
    public IReadOnlyList<string> Subscribe { get; init; } = [];

    /// <summary>The quality of service of what comes from Redis, which has none.</summary>
    public QualityOfService QoS { get; init; }

    /// <inheritdoc cref="RedisStoreOptions.FindProblem"/>
    public string? FindProblem() => Server.FindProblem();

    private RedisStoreOptions Server => new() { ConnectionString = ConnectionString, SettingName = SettingName };

    /// <exception cref="StoreUnusableException">It is no connection string.</exception>
    internal ConfigurationOptions Parse() => RedisConfiguration.Parse(Server);
}

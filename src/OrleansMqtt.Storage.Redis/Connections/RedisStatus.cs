using System.Net;
using StackExchange.Redis;

namespace OrleansMqtt.Storage.Redis.Connections;

/// <inheritdoc cref="IStoreStatus"/>
internal sealed class RedisStatus(ConfigurationOptions configuration, StoreDurability durability) : IStoreStatus
{
    private volatile string? _outage = "Redis has not been connected yet.";
    private volatile string? _refusal;
    private volatile string? _shortfall;

    public string Description { get; } = "redis " + Addresses(configuration);

    public StoreDurability Durability => durability;

    public bool IsHealthy => _outage is null && _refusal is null;

    public string? Problem => _outage ?? _refusal ?? _shortfall;

    /// <summary>Why Redis cannot be used at present; null: it can.</summary>
    public string? Outage { set => _outage = value; }

    /// <summary>Why Redis, which is there, did not take all of the latest batch of writes; null: it did.</summary>
    public string? Refusal { set => _refusal = value; }

    /// <summary>What Redis does not honour of the durability level; null: nothing.</summary>
    public string? Shortfall { set => _shortfall = value; }

    private static string Addresses(ConfigurationOptions configuration) => string.Join(',', configuration.EndPoints.Select(static e => e switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => e.ToString(),
    }));
}

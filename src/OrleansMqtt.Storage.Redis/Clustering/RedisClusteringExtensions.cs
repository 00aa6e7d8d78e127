using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Storage.Redis.Clustering;
using OrleansMqtt.Storage.Redis.Connections;

namespace OrleansMqtt.Storage.Redis;

/// <summary>Keeps a cluster's membership in Redis.</summary>
public static class RedisClusteringExtensions
{
    // A heartbeat that is late is worth nothing: it must neither be kept for long nor wait for a connection that is dead. The barrier ends before.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1), LongestBarrier = TimeSpan.FromMilliseconds(500);

    /// <summary>Makes silos that have the same Redis and the same <see cref="RedisStoreOptions.ClusterId"/> one cluster.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Where Redis is and what it must promise. The table has a connection of its own, with shorter time-outs.</param>
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public static ISiloBuilder UseRedisClustering(this ISiloBuilder silo, RedisStoreOptions options)
    {
        silo.Services.AddRedisClustering(options);
        return silo;
    }

    /// <summary>Lets a client find the silos of the cluster.</summary>
    /// <param name="services">The client's services.</param>
    /// <param name="options">As for the silos.</param>
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public static IServiceCollection AddRedisClustering(this IServiceCollection services, RedisStoreOptions options)
    {
        // Here rather than at the first use, so that it is told before anything starts.
        RedisConfiguration.Parse(options);
        var prompt = options with
        {
            MaximumWait = Shorter(options.MaximumWait, LongestWait),
            AnswerTimeout = Shorter(options.AnswerTimeout, LongestWait),
            BarrierTimeout = Shorter(options.BarrierTimeout, LongestBarrier),
        };
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<IMembershipTable>(provider => new RedisMembershipTable(
            new RedisClient(prompt, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>())));
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

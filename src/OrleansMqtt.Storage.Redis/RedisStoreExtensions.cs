using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Storage.Redis.Connections;
using OrleansMqtt.Storage.Redis.Deadlines;
using OrleansMqtt.Storage.Redis.Gateways;
using OrleansMqtt.Storage.Redis.GrainStates;
using OrleansMqtt.Storage.Redis.Leases;
using OrleansMqtt.Storage.Redis.Sessions;
using OrleansMqtt.Storage.Redis.Topics;

namespace OrleansMqtt.Storage.Redis;

/// <summary>Puts the Redis store into a silo.</summary>
public static class RedisStoreExtensions
{
    private const string DefaultStorage = "Default";

    /// <summary>
    /// Keeps everything in Redis: all storage ports, <see cref="IStoreStatus"/> and the grain storage of states that name none. The host does not
    /// start, with <see cref="StoreUnusableException"/>, when Redis cannot be used as configured.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Where Redis is and what it must promise.</param>
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public static ISiloBuilder AddMqttRedisStore(this ISiloBuilder silo, RedisStoreOptions options)
    {
        // Here rather than at the first use, so that it is told before anything starts.
        RedisConfiguration.Parse(options);
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new RedisClient(options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisClient>>()));
        services.AddSingleton(static provider => new RedisQuarantine(provider.GetRequiredService<RedisClient>(), provider.GetRequiredService<ILogger<RedisClient>>()));
        services.AddSingleton<RedisHash>();
        services.AddSingleton(static provider => provider.GetRequiredService<RedisClient>().Status);
        services.AddSingleton<ISessionLog, RedisSessionLog>();
        services.AddSingleton<IRetainedStore, RedisRetainedStore>();
        services.AddSingleton<ISubscriptionStore, RedisSubscriptionStore>();
        services.AddSingleton<IDeadlineStore, RedisDeadlineStore>();
        services.AddSingleton<IConnectionStore, RedisConnectionStore>();
        services.AddSingleton<ILeaseStore, RedisLeaseStore>();
        services.AddSingleton<RedisGrainStorage>();
        services.AddKeyedSingleton<IGrainStorage>(DefaultStorage, static (provider, _) => provider.GetRequiredService<RedisGrainStorage>());
        services.TryAddSingleton<IGrainStorage>(static provider => provider.GetRequiredService<RedisGrainStorage>());
        services.AddHostedService(static provider => new StoreOpening(provider.GetRequiredService<RedisClient>().StartAsync));
        return silo;
    }
}

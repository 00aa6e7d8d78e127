using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Storage.Redis.Channels;

namespace OrleansMqtt.Storage.Redis;

/// <summary>Makes topics and Redis channels one.</summary>
public static class RedisChannelExtensions
{
    /// <summary>
    /// Publishes to Redis channels what is published on the topics of the same names, and the other way round. Redis need not be there: what is published while it is away is lost, as it is for
    /// Redis' own clients.
    /// </summary>
    /// <param name="silo">The silo, which has the broker's grains. In a cluster all silos are to have the same options; one at a time subscribes, by a lease in the store.</param>
    /// <param name="options">Which topics, and where Redis is.</param>
    /// <exception cref="StoreUnusableException">The connection string is not one.</exception>
    public static ISiloBuilder AddMqttRedisChannels(this ISiloBuilder silo, RedisChannelOptions options)
    {
        // Here rather than at the first use, so that it is told before anything starts.
        var configuration = options.Parse();
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ChannelCounts>();
        if (options.Publish.Count > 0)
        {
            services.AddSingleton(provider => new ChannelPublisher(
                options, configuration, provider.GetRequiredService<ChannelCounts>(), provider.GetRequiredService<TimeProvider>(), LoggerOf(provider)));
            services.AddSingleton<IPublishTap>(static provider => provider.GetRequiredService<ChannelPublisher>());
        }
        if (options.Subscribe.Count > 0)
        {
            services.AddSingleton(provider => new ChannelSubscriber(
                options, configuration, provider.GetRequiredService<IPublishInlet>(), LeaseOf(provider), provider.GetRequiredService<ChannelCounts>(), provider.GetRequiredService<TimeProvider>(),
                LoggerOf(provider)));
        }
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ChannelLifecycle>();
        return silo;
    }

    // A broker that is alone has nobody to share with.
    private static ChannelLease? LeaseOf(IServiceProvider provider) =>
        provider.GetService<LeaseTimes>() is null ? null : new ChannelLease(provider.GetRequiredService<ILeaseStore>(), provider.GetRequiredService<TimeProvider>(), LoggerOf(provider));

    private static ILogger LoggerOf(IServiceProvider provider) => provider.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Storage.Redis.Channels");
}

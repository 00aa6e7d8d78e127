using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Deadlines;
using OrleansMqtt.Grains.Gateways;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Grains.Routing;
using OrleansMqtt.Grains.Sessions;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Grains.Topics;
using OrleansMqtt.Handlers;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Storage;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Grains.Hosting;

/// <summary>Puts the broker's grains into a silo.</summary>
public static class MqttSiloExtensions
{
    /// <summary>Adds topic, router, session and deadline grains and this silo's route replica.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="partitions">Number of topic partitions, 1 to 4,096; the same in every process of a cluster.</param>
    /// <param name="limits">Bounds of what is kept for a session.</param>
    /// <param name="retained">Bounds of what is kept as retained messages.</param>
    /// <param name="handlers">Bounds of what waits for topic handlers.</param>
    public static ISiloBuilder AddMqttGrains(this ISiloBuilder silo, int partitions = TopicPartitions.DefaultCount, SessionLimits? limits = null, RetainedLimits? retained = null, HandlerLimits? handlers = null)
    {
        var services = silo.Services;
        services.TryAddSingleton(new TopicPartitions(partitions));
        services.TryAddSingleton(new Live<SessionLimits>(limits ?? new SessionLimits()));
        services.TryAddSingleton(new Live<RetainedLimits>(retained ?? new RetainedLimits()));
        services.TryAddSingleton(new Live<HandlerLimits>(handlers ?? new HandlerLimits()));
        services.TryAddSingleton<RetainedQuota>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BrokerMetrics>();
        services.TryAddSingleton<BrokerEvents>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloEvents>();
        services.AddSingleton<RouteReplica>();
        services.TryAddSingleton(RouteRegistrar.Create);
        services.AddSingleton<DeadlineShards>();
        services.AddSingleton<SessionServices>();
        services.AddTransient<RetainedMessages>();
        services.AddTopicHandlers();
        services.AddSingleton(CreateRouter);
        services.AddSingleton<ILocalRouter>(static provider => provider.GetRequiredService<Router>());
        services.AddSingleton<IPublishInlet, PublishInlet>();
        services.AddSingleton(provider => new TopicMode(provider.GetService<TopicCluster>()));
        if (services.Any(static service => service.ServiceType == typeof(LeaseTimes))) AddCluster(silo);
        else AddEmbedded(silo);
        return silo;
    }

    private static void AddEmbedded(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<RoutingLeases>();
        silo.AddStartupTask(ReplicaAttachment.AttachAsync);
    }

    private static void AddCluster(ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ClusterStop>();
        silo.Services.AddSingleton<TopicCluster>();
        silo.Services.AddSingleton(static provider => new RoutingLeases(
            provider.GetRequiredService<TopicPartitions>().Count, provider.GetRequiredService<LeaseTimes>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<ISiloFence>(),
            provider.GetRequiredService<ClusterStop>().Token));
        silo.Services.AddSingleton<IClusterPresence>(static provider => provider.GetRequiredService<RoutingLeases>());
        silo.Services.AddSingleton<LeasedAttachment>();
        silo.Services.AddSingleton<GatewayDirectory>();
        silo.Services.AddSingleton<UnstoredConnections>();
        silo.Services.AddSingleton<UnstoredConnectionsSweep>();
        silo.Services.TryAddSingleton<IGrainMoves, NoGrainMoves>();
        silo.Services.AddSingleton<ConnectionSurvey>();
        silo.Services.AddSingleton<IGatewayDirectory>(static provider => provider.GetRequiredService<GatewayDirectory>());
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ClusterParticipant>();
    }

    /// <summary>
    /// Makes this process part of a cluster: topic grains give leases and are recovered, gateways have leases of a registry. To be called first, and to be followed by a store that all silos
    /// share. Not together with <see cref="AddMqttRecovery"/>: a gateway of a cluster may live while a silo starts.
    /// </summary>
    public static ISiloBuilder AddMqttCluster(this ISiloBuilder silo, LeaseTimes? times = null)
    {
        silo.Services.AddMqttLeases(times);
        return silo;
    }

    // Without a directory there is no gateway but the one of this process.
    private static Router CreateRouter(IServiceProvider provider)
    {
        var (metrics, logger, gateway) = (provider.GetRequiredService<BrokerMetrics>(), provider.GetRequiredService<ILogger<Router>>(), provider.GetService<ILocalGateway>());
        var links = provider.GetService<IGatewayDirectory>() is { } directory
            ? new GatewayLinks(directory, metrics, provider.GetRequiredService<TimeProvider>(), logger)
            : null;
        return new Router(
            provider.GetRequiredService<RouteReplica>(), provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<TopicPartitions>(), metrics, logger, gateway, links,
            links is null ? null : provider.GetRequiredService<RoutingLeases>(), CreateHandlers(provider));
    }

    // Without handlers the router has one thing less to look at.
    private static HandlerQueues? CreateHandlers(IServiceProvider provider)
    {
        if (provider.GetRequiredService<HandlerTable>().IsEmpty) return null;
        provider.GetRequiredService<HandlerMetrics>();
        return provider.GetRequiredService<HandlerQueues>();
    }

    /// <summary>
    /// Makes the silo finish, when it starts, what an earlier process of the same store left undone: wills, expiries. For a silo that shares its process
    /// with the only gateway.
    /// </summary>
    // After the replica has all routes, by which wills find their receivers: tasks of one stage run side by side.
    public static ISiloBuilder AddMqttRecovery(this ISiloBuilder silo) => silo.AddStartupTask(Recovery.RunAsync, ServiceLifecycleStage.Active + 1);

    /// <summary>Keeps everything in memory: nothing survives the process.</summary>
    public static ISiloBuilder AddMqttMemoryStore(this ISiloBuilder silo)
    {
        silo.AddMemoryGrainStorageAsDefault();
        silo.Services.AddSingleton<IStoreStatus, MemoryStoreStatus>();
        silo.Services.AddSingleton<ISessionLog, MemorySessionLog>();
        silo.Services.AddSingleton<IRetainedStore, MemoryRetainedStore>();
        silo.Services.AddSingleton<ISubscriptionStore, MemorySubscriptionStore>();
        silo.Services.AddSingleton<IDeadlineStore, MemoryDeadlineStore>();
        silo.Services.AddSingleton<IConnectionStore, MemoryConnectionStore>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<ILeaseStore, MemoryLeaseStore>();
        return silo;
    }
}

using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansMqtt.Broker;
using OrleansMqtt.Diagnostics;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Delivery;
using OrleansMqtt.Gateway.Hooks;
using OrleansMqtt.Gateway.Lanes;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Membership;
using OrleansMqtt.Gateway.Monitoring;
using OrleansMqtt.Gateway.Routes;
using OrleansMqtt.Gateway.Subscriptions;
using OrleansMqtt.Gateway.Transports;
using OrleansMqtt.Gateway.Transports.Epoll;
using OrleansMqtt.Gateways;
using OrleansMqtt.Leases;
using OrleansMqtt.Routing;
using OrleansMqtt.Security;
using OrleansMqtt.Settings;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>Puts a gateway into a host.</summary>
public static class MqttGatewayExtensions
{
    // What connections, lanes and the lease take to end, once the clients have been told to go.
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adds a gateway that shares the process with a silo and routes inline. Call it after the silo is added, so that the silo runs
    /// before the gateway listens and stops after it.
    /// </summary>
    public static IServiceCollection AddMqttGateway(this IServiceCollection services, GatewayOptions options) => services.AddGateway(options);

    /// <summary>
    /// Adds a gateway without a silo: it reaches the silos of its cluster through the <see cref="IGrainFactory"/> of the process, that of a cluster client. The gateway must
    /// be known to the silos' directory of gateways before it listens.
    /// </summary>
    public static IServiceCollection AddMqttRemoteGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddGateway(options);
        services.AddSingleton(provider => new LaneRouter(new LaneServices
        {
            Gateway = options.Name,
            Options = options.Lanes,
            Grains = provider.GetRequiredService<IGrainFactory>(),
            Metrics = provider.GetRequiredService<BrokerMetrics>(),
            Time = provider.GetRequiredService<TimeProvider>(),
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Gateway.Lanes"),
        }));
        services.AddSingleton<ILocalRouter>(static provider => provider.GetRequiredService<LaneRouter>());
        services.AddSingleton<IMessagePublisher, LanePublisher>();
        return services;
    }

    private static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new TopicPartitions());
        services.TryAddSingleton<BrokerMetrics>();
        services.TryAddSingleton<SecurityMetrics>();
        services.TryAddSingleton<BrokerEvents>();
        services.TryAddSingleton(provider => OperatingSystem.IsLinux() && options.Sockets != SocketEngine.Kestrel
            ? new EpollTransportFactory(keepAlive: options.TcpKeepAlive)
            : (IConnectionListenerFactory)new SocketTransportFactory(Options.Create(KestrelOptionsOf(options.TcpKeepAlive)), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(options);
        services.AddSingleton<ConnectionRegistry>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton(new Live<GatewayLimits>(options.Limits));
        services.AddSingleton(provider => new Guards(provider.GetRequiredService<Live<GatewayLimits>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ConnectAdmission(provider.GetRequiredService<Live<GatewayLimits>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IMemoryProbe, ProcessMemory>();
        services.AddSingleton(provider => new OverloadGuard(
            provider.GetRequiredService<Live<GatewayLimits>>(), provider.GetRequiredService<ConnectionRegistry>(), provider.GetRequiredService<BrokerMetrics>(), provider.GetRequiredService<IMemoryProbe>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Gateway.Overload")));
        services.TryAddSingleton(RouteRegistrar.Create);
        services.AddSingleton(new GatewayIdentity(options.Name));
        if (services.Any(static service => service.ServiceType == typeof(LeaseTimes))) AddMembership(services, options);
        services.AddMqttBroker();
        services.AddSingleton<IGatewayAccess, GatewayAccess>();
        services.AddSingleton<RetainedReader>();
        services.AddSingleton<SysTopics>();
        services.AddSingleton(provider => new LocalSubscriptions(provider.GetRequiredService<GatewayIdentity>(), provider.GetRequiredService<RouteRegistrar>()));
        services.AddSingleton(provider => new LocalGateway(
            provider.GetRequiredService<GatewayIdentity>(), provider.GetRequiredService<LocalSubscriptions>(), provider.GetRequiredService<ConnectionRegistry>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<RouteRegistrar>(), provider.GetService<GatewayLease>()));
        services.AddSingleton<ILocalGateway>(provider => provider.GetRequiredService<LocalGateway>());
        services.AddSingleton(provider => new GatewayContext
        {
            Options = options,
            Identity = provider.GetRequiredService<GatewayIdentity>(),
            Lease = provider.GetService<GatewayLease>(),
            Connections = provider.GetRequiredService<ConnectionRegistry>(),
            Subscriptions = provider.GetRequiredService<LocalSubscriptions>(),
            Registrar = provider.GetRequiredService<RouteRegistrar>(),
            Retained = provider.GetRequiredService<RetainedReader>(),
            Router = provider.GetRequiredService<ILocalRouter>(),
            Lanes = provider.GetService<LaneRouter>(),
            Grains = provider.GetRequiredService<IGrainFactory>(),
            Metrics = provider.GetRequiredService<BrokerMetrics>(),
            Heartbeat = provider.GetRequiredService<Heartbeat>(),
            Admission = provider.GetRequiredService<ConnectAdmission>(),
            Guards = provider.GetRequiredService<Guards>(),
            Overload = provider.GetRequiredService<OverloadGuard>(),
            Authenticators = new Authenticators(provider.GetServices<IAuthenticator>(), provider.GetServices<IEnhancedAuthenticator>(), options, provider.GetRequiredService<TimeProvider>()),
            Authorization = AuthorizationChain.Create(provider.GetServices<IAuthorizer>(), options.Authorization),
            Events = EventsOf(provider),
            Middlewares = new(() => [.. provider.GetServices<IConnectionMiddleware>()]),
            Interceptors = new(() => [.. provider.GetServices<IPacketInterceptor>()]),
            SecurityMetrics = provider.GetRequiredService<SecurityMetrics>(),
            Routes = ClientRoutes.Create(provider),
            Time = provider.GetRequiredService<TimeProvider>(),
            Logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Gateway"),
        });
        services.AddSingleton(provider => new MqttGateway(
            provider.GetRequiredService<GatewayContext>(), provider.GetRequiredService<LocalGateway>(), provider.GetRequiredService<SysTopics>(), provider.GetRequiredService<IConnectionListenerFactory>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MqttGateway>());
        return services;
    }

    private static BrokerEvents? EventsOf(IServiceProvider provider)
    {
        var events = provider.GetRequiredService<BrokerEvents>();
        events.Node = provider.GetRequiredService<GatewayOptions>().Name;
        return events.AreWanted ? events : null;
    }

    private static SocketTransportOptions KestrelOptionsOf(TcpKeepAlive keepAlive) => new()
    {
        CreateBoundListenSocket = endPoint =>
        {
            var listening = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
            keepAlive.Apply(listening);
            return listening;
        },
    };

    private static void AddMembership(IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton<GatewayLease>();
        services.AddSingleton<IClusterPresence>(static provider => provider.GetRequiredService<GatewayLease>());
        // The host would cut the drain off.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromTicks(Math.Max(host.ShutdownTimeout.Ticks, (options.Drain.MaxTime + EndTime).Ticks)));
    }
}

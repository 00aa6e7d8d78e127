using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Events;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Hosting.Silos.Configuration;
using OrleansMqtt.Routes;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Silos;

/// <summary>A silo in a process of its own: a member of a cluster.</summary>
internal sealed class SiloHost : Composition
{
    private SiloSettings? _settings;

    /// <inheritdoc/>
    public override string Name => "OrleansMqtt.Silo";

    private SiloSettings Settings => _settings!;

    /// <inheritdoc/>
    public override void Read(SettingsReader reader, IConfiguration configuration, ApplicationPlan plan) => _settings = SiloSettings.Read(reader, configuration);

    /// <inheritdoc/>
    public override string? Refuse(MqttRoutes routes) => routes.HaveClientRoutes
        ? "Code is mapped on subscriptions or connections, and this is a silo, which has no clients; allowed is to map it in the gateways."
        : null;

    /// <inheritdoc/>
    public override void AddTo(HostApplicationBuilder builder, ApplicationPlan plan)
    {
        builder.Services.AddHttpServer(Settings.Http).AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster").AddCheck<StoreHealthCheck>("store");
        builder.Services.AddBrokerEvents(Settings.Events);
        var redis = ClusterHosting.Redis(Settings.Cluster, Settings.Store, Settings.Store.Redis!);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options => ClusterHosting.Name(options, Settings.Cluster))
                .Configure<SiloMessagingOptions>(ClusterHosting.Bound)
                .JoinCluster(Settings.Cluster, () => ReachedAt(Settings.Cluster), redis)
                .AddMqttCluster()
                .AddMqttGrains(Settings.Cluster.Partitions, Settings.Limits, Settings.Retained, Settings.Handlers)
                .AddMqttRedisStore(redis);
            if (Settings.Channels is { } channels) silo.AddMqttRedisChannels(channels);
            plan.ConfigureSilo(silo);
        });
    }

    /// <inheritdoc/>
    public override Action ReadAgain(IServiceProvider services, SettingsReader reader, IConfiguration configuration, ApplicationPlan plan)
    {
        var settings = SiloSettings.Read(reader, configuration);
        return () =>
        {
            services.GetRequiredService<Live<SessionLimits>>().Set(settings.Limits);
            services.GetRequiredService<Live<RetainedLimits>>().Set(settings.Retained);
            services.GetRequiredService<Live<HandlerLimits>>().Set(settings.Handlers);
        };
    }

    /// <inheritdoc/>
    public override string StartLine(IServiceProvider services)
    {
        var http = services.GetRequiredService<HttpServer>().Address;
        var store = services.GetRequiredService<IStoreStatus>();
        return $"OrleansMqtt {ProgramVersion.Text}: silo {services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint} of cluster {Settings.Cluster.Id}{(http is null ? "" : $"; {http}")}; store {store.Description}, durability {store.Durability}";
    }

    /// <inheritdoc/>
    public override string? Describe(Exception exception) => exception switch
    {
        StoreUnusableException or HttpBindException or OrleansException or OrleansConfigurationException => exception.Message,
        Microsoft.AspNetCore.Connections.AddressInUseException => $"Cannot listen on {Settings.Cluster.Bind} (Cluster:Bind): {exception.Message.TrimEnd('.')}.",
        _ => null,
    };

    private static IPEndPoint ReachedAt(ClusterSettings cluster) =>
        cluster.Advertise is { } advertise ? new IPEndPoint(Resolve(advertise, cluster.Bind.AddressFamily), advertise.Port) : cluster.Bind;

    private static IPAddress Resolve(DnsEndPoint advertise, AddressFamily family)
    {
        try
        {
            var addresses = Dns.GetHostAddresses(advertise.Host);
            return Array.Find(addresses, address => address.AddressFamily == family) ?? addresses.First();
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            throw new OrleansConfigurationException($"Cluster:Advertise names {advertise.Host}, which has no address: {exception.Message.TrimEnd('.')}.");
        }
    }
}

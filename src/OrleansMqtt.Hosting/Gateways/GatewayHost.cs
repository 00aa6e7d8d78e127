using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Events;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Hosting.Gateways.Administration;
using OrleansMqtt.Hosting.Gateways.Configuration;
using OrleansMqtt.Hosting.Http;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Leases;
using OrleansMqtt.Routes;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Gateways;

/// <summary>A gateway: with a silo in the same process, or one of a cluster whose silos are elsewhere.</summary>
internal sealed class GatewayHost : Composition
{
    private GatewaySettings? _settings;

    /// <inheritdoc/>
    public override string Name => "OrleansMqtt.Gateway";

    private GatewaySettings Settings => _settings!;

    /// <summary>Runs until it is told to stop. Returns an <see cref="ExitCode"/>.</summary>
    public static Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop = default) =>
        MqttApplication.CreateBuilder(arguments).Build().RunAsync(output, error, stop);

    /// <inheritdoc/>
    public override void Read(SettingsReader reader, IConfiguration configuration, ApplicationPlan plan) => _settings = GatewaySettings.Read(reader, configuration, plan);

    /// <inheritdoc/>
    public override string? Refuse(MqttRoutes routes) => Settings.Cluster.Redis is not null && routes.HavePublishes
        ? "Code is mapped on publishes, and this is a gateway of a cluster (Cluster:Redis), which routes none; allowed is to map it in the silos."
        : null;

    /// <inheritdoc/>
    public override void AddTo(HostApplicationBuilder builder, ApplicationPlan plan)
    {
        builder.Services.AddHttpServer(Settings.Http);
        Settings.Authenticators.AddTo(builder.Services);
        Settings.Authorizers.AddTo(builder.Services);
        builder.Services.AddSingleton<IHttpEndpoints, AccessListDryRun>();
        builder.Services.AddBrokerEvents(Settings.Events);
        if (Settings.Cluster.Redis is not null) AddClusterGateway(builder);
        else AddBroker(builder, plan);
    }

    /// <inheritdoc/>
    public override Action ReadAgain(IServiceProvider services, SettingsReader reader, IConfiguration configuration, ApplicationPlan plan)
    {
        var settings = GatewaySettings.Read(reader, configuration, plan);
        return () => LimitChange.Apply(services, settings);
    }

    /// <inheritdoc/>
    public override string StartLine(IServiceProvider services) => Gateways.StartLine.Of(services, Settings.Cluster);

    /// <inheritdoc/>
    public override string? Describe(Exception exception) => exception switch
    {
        StoreUnusableException or HttpBindException or CertificateException or NoListenerException or OrleansException or OrleansConfigurationException => exception.Message,
        _ => BindFailure.Describe(exception, Settings.Gateway.Listeners),
    };

    private void AddBroker(HostApplicationBuilder builder, ApplicationPlan plan)
    {
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        builder.UseOrleans(silo =>
        {
            silo.RunAlone()
                .AddMqttGrains(Settings.Cluster.Partitions, Settings.Gateway.Limits.Session, Settings.Gateway.Limits.Retained, Settings.Handlers)
                .AddStore(Settings)
                .AddMqttRecovery();
            if (Settings.Channels is { } channels) silo.AddMqttRedisChannels(channels);
            plan.ConfigureSilo(silo);
        });
        // After the silo, so that it starts when the silo can route and stops before it.
        builder.Services.AddMqttGateway(Settings.Gateway);
    }

    private void AddClusterGateway(HostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster");
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => ClusterHosting.Name(options, Settings.Cluster))
            .Configure<ClientMessagingOptions>(ClusterHosting.Bound)
            .JoinCluster(Settings.Cluster, ClusterHosting.Redis(Settings.Cluster, Settings.Store, Settings.Store.Redis!)));
        builder.Services.AddSingleton(new TopicPartitions(Settings.Cluster.Partitions));
        builder.Services.AddMqttLeases();
        builder.Services.AddMqttRemoteGateway(Settings.Gateway);
    }
}

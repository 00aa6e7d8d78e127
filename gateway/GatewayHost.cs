using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.GatewayHost.Administration;
using OrleansMqtt.GatewayHost.Configuration;
using OrleansMqtt.Gateways;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosts.Configuration;
using OrleansMqtt.Hosts.Http;
using OrleansMqtt.Hosts.Running;
using OrleansMqtt.Hosts.Telemetry;
using OrleansMqtt.Leases;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Topics;

namespace OrleansMqtt.GatewayHost;

/// <summary>A gateway: with a silo in the same process, or one of a cluster whose silos are elsewhere.</summary>
internal static class GatewayHost
{
    /// <summary>Runs until it is told to stop. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        using var configuration = new ConfigurationManager();
        var reader = new SettingsReader(configuration);
        if (ConfigurationSources.Load(configuration, AppContext.BaseDirectory, arguments) is { } unreadable) reader.Report(unreadable);
        var settings = GatewaySettings.Read(reader, configuration);
        if (reader.Problem is { } problem)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.BadConfiguration;
        }
        return await HostProcess.RunAsync(
            isStarting => Build(configuration, settings, arguments, isStarting), services => StartLine.Of(services, settings.Cluster), exception => Describe(exception, settings), output, error, stop);
    }

    private static IHost Build(ConfigurationManager configuration, GatewaySettings settings, string[] arguments, Func<bool> isStarting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
        HostProcess.AddLogging(builder, isStarting);
        builder.AddTelemetry("OrleansMqtt.Gateway");
        builder.Services.AddHttpServer(settings.Http);
        settings.Authenticators.AddTo(builder.Services);
        settings.Authorizers.AddTo(builder.Services);
        builder.Services.AddSingleton<IHttpEndpoints, AccessListDryRun>();
        if (settings.Cluster.Redis is not null) AddClusterGateway(builder, settings);
        else AddBroker(builder, settings);
        builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ConfigurationReload>(
            services, AppContext.BaseDirectory, arguments, configuration, (SettingsReader reader, IConfiguration read) => LimitsOf(services, reader, read)));
        return builder.Build();
    }

    private static void AddBroker(HostApplicationBuilder builder, GatewaySettings settings)
    {
        builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        builder.UseOrleans(silo => silo
            .RunAlone()
            .AddMqttGrains(settings.Cluster.Partitions, settings.Gateway.Limits.Session, settings.Gateway.Limits.Retained)
            .AddStore(settings)
            .AddMqttRecovery());
        // After the silo, so that it starts when the silo can route and stops before it.
        builder.Services.AddMqttGateway(settings.Gateway);
    }

    private static void AddClusterGateway(HostApplicationBuilder builder, GatewaySettings settings)
    {
        builder.Services.AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster");
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(options => ClusterHosting.Name(options, settings.Cluster))
            .Configure<ClientMessagingOptions>(ClusterHosting.Bound)
            .JoinCluster(settings.Cluster, ClusterHosting.Redis(settings.Cluster, settings.Store, settings.Store.Redis!)));
        builder.Services.AddSingleton(new TopicPartitions(settings.Cluster.Partitions));
        builder.Services.AddMqttLeases();
        builder.Services.AddMqttRemoteGateway(settings.Gateway);
    }

    private static Action LimitsOf(IServiceProvider services, SettingsReader reader, IConfiguration configuration)
    {
        var limits = GatewaySettings.Read(reader, configuration).Gateway.Limits;
        return () => LimitChange.Apply(services, limits);
    }

    private static string? Describe(Exception exception, GatewaySettings settings) => exception switch
    {
        StoreUnusableException or HttpBindException or CertificateException or NoListenerException or OrleansException or OrleansConfigurationException => exception.Message,
        _ => BindFailure.Describe(exception, settings.Gateway.Listeners),
    };
}

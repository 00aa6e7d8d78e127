using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosts.Configuration;
using OrleansMqtt.Hosts.Http;
using OrleansMqtt.Hosts.Running;
using OrleansMqtt.Hosts.Telemetry;
using OrleansMqtt.SiloHost.Configuration;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Storage;
using OrleansMqtt.Storage.Redis;
using OrleansMqtt.Topics;

namespace OrleansMqtt.SiloHost;

/// <summary>A silo in a process of its own: a member of a cluster.</summary>
internal static class SiloHost
{
    /// <summary>Runs until it is told to stop. Returns an <see cref="ExitCode"/>.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        using var configuration = new ConfigurationManager();
        var reader = new SettingsReader(configuration);
        if (ConfigurationSources.Load(configuration, AppContext.BaseDirectory, arguments) is { } unreadable) reader.Report(unreadable);
        var settings = SiloSettings.Read(reader, configuration);
        if (reader.Problem is { } problem)
        {
            await error.WriteLineAsync(problem);
            return ExitCode.BadConfiguration;
        }
        return await HostProcess.RunAsync(isStarting => Build(configuration, settings, arguments, isStarting), services => StartLine(services, settings), exception => Describe(exception, settings), output, error, stop);
    }

    private static IHost Build(ConfigurationManager configuration, SiloSettings settings, string[] arguments, Func<bool> isStarting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
        HostProcess.AddLogging(builder, isStarting);
        builder.AddTelemetry("OrleansMqtt.Silo");
        builder.Services.AddHttpServer(settings.Http).AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster").AddCheck<StoreHealthCheck>("store");
        var redis = ClusterHosting.Redis(settings.Cluster, settings.Store, settings.Store.Redis!);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => ClusterHosting.Name(options, settings.Cluster))
            .Configure<SiloMessagingOptions>(ClusterHosting.Bound)
            .JoinCluster(settings.Cluster, () => ReachedAt(settings.Cluster), redis)
            .AddMqttCluster()
            .AddMqttGrains(settings.Cluster.Partitions, settings.Limits, settings.Retained)
            .AddMqttRedisStore(redis));
        builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<ConfigurationReload>(
            services, AppContext.BaseDirectory, arguments, configuration, (SettingsReader reader, IConfiguration read) => LimitsOf(services, reader, read)));
        return builder.Build();
    }

    private static Action LimitsOf(IServiceProvider services, SettingsReader reader, IConfiguration configuration)
    {
        var settings = SiloSettings.Read(reader, configuration);
        return () =>
        {
            services.GetRequiredService<Live<SessionLimits>>().Set(settings.Limits);
            services.GetRequiredService<Live<RetainedLimits>>().Set(settings.Retained);
        };
    }

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

    private static string StartLine(IServiceProvider services, SiloSettings settings)
    {
        var http = services.GetRequiredService<HttpServer>().Address;
        var store = services.GetRequiredService<IStoreStatus>();
        return $"OrleansMqtt {ProgramVersion.Text}: silo {services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint} of cluster {settings.Cluster.Id}{(http is null ? "" : $"; {http}")}; store {store.Description}, durability {store.Durability}";
    }

    private static string? Describe(Exception exception, SiloSettings settings) => exception switch
    {
        StoreUnusableException or HttpBindException or OrleansException or OrleansConfigurationException => exception.Message,
        Microsoft.AspNetCore.Connections.AddressInUseException => $"Cannot listen on {settings.Cluster.Bind} (Cluster:Bind): {exception.Message.TrimEnd('.')}.",
        _ => null,
    };
}

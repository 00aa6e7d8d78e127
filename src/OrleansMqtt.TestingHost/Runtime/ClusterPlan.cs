using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Leases;
using OrleansMqtt.Sessions;
using OrleansMqtt.TestingHost.Clocks;
// Orleans has options of that name too.
using GatewayOptions = OrleansMqtt.Gateway.Hosting.GatewayOptions;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>What a cluster's parts are made of, each time one is started.</summary>
internal sealed class ClusterPlan
{
    public required ClusterRuntime Runtime { get; init; }

    public required TestClusterOptions Names { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The clock of users' grains; null: that of all parts.</summary>
    public required VirtualTimeProvider? GrainTime { get; init; }

    public required MqttTestTimes Times { get; init; }

    public required int Partitions { get; init; }

    public required SessionLimits SessionLimits { get; init; }

    public required Action<ISiloBuilder> ConfigureSilo { get; init; }

    public required Action<IClientBuilder> ConfigureClient { get; init; }

    public required Func<GatewayOptions, GatewayOptions> ConfigureGateway { get; init; }

    public required Action<IServiceCollection> ConfigureGatewayServices { get; init; }

    public required Action<ILoggingBuilder> ConfigureLogging { get; init; }

    public required Action<ISiloBuilder> Store { get; init; }

    /// <summary>How long a start or stop may take, by the real clock.</summary>
    public required TimeSpan WaitLimit { get; init; }

    public LeaseTimes Leases => Times.Leases;

    /// <summary>A host that is empty but for clock and log.</summary>
    public HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(ConfigureLogging);
        builder.Services.AddSingleton(Time);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = WaitLimit);
        return builder;
    }

    /// <summary>Starts a host; one that cannot be started is disposed of.</summary>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<IHost> StartAsync(HostApplicationBuilder builder)
    {
        var host = builder.Build();
        try
        {
            await host.StartAsync().WaitAsync(WaitLimit);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The settings that silos and clients have alike.</summary>
    public void Configure<TMessaging>(IServiceCollection services)
        where TMessaging : MessagingOptions
    {
        services.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Names.ClusterId, Names.ServiceId));
        services.Configure<ClusterMembershipOptions>(options =>
            (options.IAmAliveTablePublishTimeout, options.TableRefreshTimeout) = (Times.SiloHeartbeat, Times.SiloHeartbeat));
        services.Configure<TMessaging>(options => options.ResponseTimeout = Times.ResponseTimeout);
    }
}

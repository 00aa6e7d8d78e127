using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.GatewayHost.Configuration;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Hosts.Configuration;
using OrleansMqtt.Hosts.Http;
using OrleansMqtt.Storage;

namespace OrleansMqtt.GatewayHost;

/// <summary>A gateway and a silo in one process.</summary>
internal static class GatewayHost
{
    /// <summary>Runs until it is told to stop (Ctrl-C, SIGTERM, or <paramref name="stop"/>). Returns an <see cref="ExitCode"/>.</summary>
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
        var starting = true;
        using var host = Build(configuration, settings, () => starting);
        try
        {
            await host.StartAsync(stop);
        }
        catch (StoreUnusableException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.CannotStart;
        }
        catch (HttpBindException exception)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.CannotStart;
        }
        catch (Exception exception) when (BindFailure.Describe(exception, settings.Gateway.Listeners) is { } failure)
        {
            await error.WriteLineAsync(failure);
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it was up.
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Stopped;
        }
        starting = false;
        await output.WriteLineAsync(StartLine.Of(
            host.Services.GetRequiredService<MqttGateway>().Listeners, host.Services.GetRequiredService<HttpServer>().Address, host.Services.GetRequiredService<IStoreStatus>()));
        await output.FlushAsync(CancellationToken.None);
        await host.WaitForShutdownAsync(stop);
        return ExitCode.Stopped;
    }

    private static IHost Build(ConfigurationManager configuration, GatewaySettings settings, Func<bool> isStarting)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
        LogSettings.AddConsole(builder.Logging, configuration);
        // The host logs a failed start with its stack and throws it as well; RunAsync speaks of it once.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && !isStarting());
        builder.Services.AddHttpServer(settings.Http);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .AddMqttGrains(settings.Cluster.Partitions, settings.Gateway.Limits.Session)
            .AddStore(settings)
            .AddMqttRecovery());
        // After the silo, so that it starts when the silo can route and stops before it.
        builder.Services.AddMqttGateway(settings.Gateway);
        return builder.Build();
    }
}

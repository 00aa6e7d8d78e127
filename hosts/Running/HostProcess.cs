using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Hosts.Configuration;

namespace OrleansMqtt.Hosts.Running;

/// <summary>One run of a host's process: from its settings to its exit code.</summary>
internal static class HostProcess
{
    /// <summary>Starts a host, says so in one line, and runs until it is told to stop (Ctrl-C, SIGTERM, or <paramref name="stop"/>).</summary>
    /// <param name="build">Makes the host; whether it is still starting is asked of the argument.</param>
    /// <param name="startLine">The line that says what runs.</param>
    /// <param name="describe">What a failed start comes down to, in one sentence; null for what is a defect.</param>
    /// <param name="output">Where the line goes.</param>
    /// <param name="error">Where sentences go.</param>
    /// <param name="stop">Stops the host.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        Func<Func<bool>, IHost> build, Func<IServiceProvider, string> startLine, Func<Exception, string?> describe, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var starting = true;
        using var host = build(() => starting);
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception exception) when (describe(exception) is { } sentence)
        {
            await error.WriteLineAsync(sentence);
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop before it was up.
            await host.StopAsync(CancellationToken.None);
            return ExitCode.Stopped;
        }
        starting = false;
        await output.WriteLineAsync(startLine(host.Services));
        await output.FlushAsync(CancellationToken.None);
        await host.WaitForShutdownAsync(stop);
        return ExitCode.Stopped;
    }

    /// <summary>Logs to the console. The host would log a failed start with its stack and throw it as well; <see cref="RunAsync"/> speaks of it once.</summary>
    public static void AddLogging(HostApplicationBuilder builder, Func<bool> isStarting)
    {
        LogSettings.AddConsole(builder.Logging, builder.Configuration);
        // Whoever asks for health is answered with what is wrong; nobody else needs a line for each time that he does.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && !isStarting());
    }
}

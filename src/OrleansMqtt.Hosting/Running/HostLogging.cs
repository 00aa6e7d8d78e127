using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Running;

/// <summary>The log of a program.</summary>
internal static class HostLogging
{
    /// <summary>Logs to the console. The host would log a failed start with its stack and throw it as well; the program speaks of it once.</summary>
    public static void AddTo(HostApplicationBuilder builder, Func<bool> isStarting)
    {
        LogSettings.AddConsole(builder.Logging, builder.Configuration);
        // Whoever asks for health is answered with what is wrong; nobody else needs a line for each time that he does.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && !isStarting());
    }
}

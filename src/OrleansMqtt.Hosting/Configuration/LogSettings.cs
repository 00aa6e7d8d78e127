using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace OrleansMqtt.Hosting.Configuration;

/// <summary>The `Logging` section, which is Microsoft.Extensions.Logging's own.</summary>
internal static class LogSettings
{
    /// <summary>Its name.</summary>
    public const string Section = "Logging";

    /// <summary>Checks the levels: the library itself would throw at a wrong one, and only later.</summary>
    public static void Check(SettingsReader reader, IConfiguration configuration)
    {
        foreach (var (key, value) in configuration.GetSection(Section).AsEnumerable())
            if (value is not null && key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase)) new Setting(reader, key, value).Choice(LogLevel.Warning);
    }

    /// <summary>Logs warnings and worse, unless the section says otherwise, to standard error: standard output has the start line alone.</summary>
    public static void AddConsole(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection(Section));
        logging.AddSimpleConsole(static options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}

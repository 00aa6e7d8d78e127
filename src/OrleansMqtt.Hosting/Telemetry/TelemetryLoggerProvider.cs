using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace OrleansMqtt.Hosting.Telemetry;

/// <summary>Passes the host's log on.</summary>
internal sealed class TelemetryLoggerProvider(OpenTelemetrySdk telemetry) : ILoggerProvider
{
    private readonly ILoggerFactory _loggers = telemetry.GetLoggerFactory();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The factory is the telemetry's, which ends by itself and sends what is left then.
    }
}

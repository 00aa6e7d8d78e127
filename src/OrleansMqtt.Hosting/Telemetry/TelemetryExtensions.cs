using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace OrleansMqtt.Hosting.Telemetry;

/// <summary>Sends what the process logs and counts to an OpenTelemetry collector, where one is named.</summary>
internal static class TelemetryExtensions
{
    /// <summary>The variable of OpenTelemetry's own that names the collector; the others (OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_PROTOCOL and so on) hold too.</summary>
    public const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters = ["OrleansMqtt", "System.Runtime"];

    /// <summary>Adds it; nothing where no collector is named.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">What the process is called there, unless OTEL_SERVICE_NAME says otherwise.</param>
    public static void AddTelemetry(this HostApplicationBuilder builder, string service)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(CollectorVariable))) return;
        builder.Services.AddSingleton(_ => Create(service));
        builder.Services.AddSingleton<ILoggerProvider, TelemetryLoggerProvider>();
    }

    // With services of its own: its options come from the environment alone, and the broker's configuration refuses keys that it does not know.
    private static OpenTelemetrySdk Create(string service) => OpenTelemetrySdk.Create(telemetry => telemetry
        .ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector())
        .WithMetrics(static metrics => metrics.AddMeter(Meters).AddOtlpExporter())
        .WithLogging(static logging => logging.AddOtlpExporter(), static options => options.IncludeFormattedMessage = true));
}

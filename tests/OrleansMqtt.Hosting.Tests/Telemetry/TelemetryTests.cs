using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OrleansMqtt.Hosting.Telemetry;

namespace OrleansMqtt.Hosting.Tests.Telemetry;

public sealed partial class TelemetryTests
{
    [Fact]
    public async Task Logs_and_metrics_go_to_the_collector_that_is_named()
    {
        await using var collector = await Collector.StartAsync();
        using var variables = new Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", null));
        using var meter = new Meter("OrleansMqtt");
        var counter = meter.CreateCounter<long>("orleansmqtt.test.count");
        using (var host = Build())
        {
            LogThing(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansMqtt.Somewhere"), "line");
            counter.Add(1);
        }
        Assert.Contains("A line to be seen", collector.At("/v1/logs"), StringComparison.Ordinal);
        var metrics = collector.At("/v1/metrics");
        Assert.All((string[])["orleansmqtt.test.count", "dotnet.gc.collections", "OrleansMqtt.Tested"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_environment_may_name_the_service()
    {
        await using var collector = await Collector.StartAsync();
        using var variables = new Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "silo-7"));
        using (var host = Build()) LogThing(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("x"), "line");
        var logs = collector.At("/v1/logs");
        Assert.Contains("silo-7", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("OrleansMqtt.Tested", logs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_collector_there_is_no_telemetry(string? collector)
    {
        using var variables = new Variables(("OTEL_EXPORTER_OTLP_ENDPOINT", collector));
        using var host = Build();
        Assert.Null(host.Services.GetService<OpenTelemetrySdk>());
    }

    [LoggerMessage(1, LogLevel.Warning, "A {Thing} to be seen")]
    private static partial void LogThing(ILogger logger, string thing);

    private static IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry("OrleansMqtt.Tested");
        return builder.Build();
    }

    private sealed class Variables : IDisposable
    {
        private readonly (string Name, string? Value)[] _former;

        public Variables(params (string Name, string? Value)[] variables)
        {
            _former = [.. variables.Select(static variable => (variable.Name, Environment.GetEnvironmentVariable(variable.Name)))];
            foreach (var (name, value) in variables) Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose()
        {
            foreach (var (name, value) in _former) Environment.SetEnvironmentVariable(name, value);
        }
    }
}

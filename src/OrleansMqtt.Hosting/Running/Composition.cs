using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OrleansMqtt.Hosting.Configuration;
using OrleansMqtt.Routes;

namespace OrleansMqtt.Hosting.Running;

/// <summary>What makes a program a gateway, or a silo.</summary>
internal abstract class Composition
{
    /// <summary>What it is called where it reports to.</summary>
    public abstract string Name { get; }

    /// <summary>Reads all settings. Where one is wrong, <paramref name="reader"/> has the problem, and nothing else may be called.</summary>
    public abstract void Read(SettingsReader reader, IConfiguration configuration, ApplicationPlan plan);

    /// <summary>What of the mapped code would never run here, as a sentence; null for nothing.</summary>
    public abstract string? Refuse(MqttRoutes routes);

    /// <summary>Adds everything to a host that has logging and telemetry.</summary>
    public abstract void AddTo(HostApplicationBuilder builder, ApplicationPlan plan);

    /// <summary>Reads settings again, while the process runs; returns what puts those in force that may change.</summary>
    public abstract Action ReadAgain(IServiceProvider services, SettingsReader reader, IConfiguration configuration, ApplicationPlan plan);

    /// <summary>The line that says what runs.</summary>
    public abstract string StartLine(IServiceProvider services);

    /// <summary>What a failed start comes down to, in one sentence; null for what is a defect.</summary>
    public abstract string? Describe(Exception exception);
}

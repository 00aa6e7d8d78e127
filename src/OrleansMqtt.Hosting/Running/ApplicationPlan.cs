using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Hosting.Configuration;

namespace OrleansMqtt.Hosting.Running;

/// <summary>What a program wants beyond what its settings say.</summary>
/// <param name="arguments">The command line.</param>
internal sealed class ApplicationPlan(string[] arguments)
{
    /// <summary>Settings that the program makes itself: they come after all others.</summary>
    public Dictionary<string, string?> Settings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Services of its own.</summary>
    public ServiceCollection Services { get; } = new();

    /// <summary>What it does to the silo, after everything of the broker's.</summary>
    public Action<ISiloBuilder> ConfigureSilo { get; set; } = static _ => { };

    /// <summary>What it does to the log.</summary>
    public Action<ILoggingBuilder> ConfigureLogging { get; set; } = static _ => { };

    /// <summary>Names of authenticators that it brings.</summary>
    public List<string> Authenticators { get; } = [];

    /// <summary>Names of authorizers that it brings.</summary>
    public List<string> Authorizers { get; } = [];

    /// <summary>Loads all sources of settings. Returns null, or what is wrong with one, as a sentence.</summary>
    public string? Load(ConfigurationManager configuration)
    {
        if (ConfigurationSources.Load(configuration, AppContext.BaseDirectory, arguments) is { } unreadable) return unreadable;
        configuration.AddInMemoryCollection(Settings);
        return null;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Hosting.Running;
using OrleansMqtt.Security;

namespace OrleansMqtt.Hosting;

/// <summary>Says what a program is to have besides what its settings name; see <see cref="MqttApplication"/>.</summary>
public sealed class MqttApplicationBuilder
{
    private readonly Composition _composition;
    private readonly ApplicationPlan _plan;

    internal MqttApplicationBuilder(Composition composition, string[] arguments) => (_composition, _plan) = (composition, new ApplicationPlan(arguments));

    /// <summary>Services of the program's own, for handlers, authenticators and whatever else it adds. They are added after all of the broker's.</summary>
    public IServiceCollection Services => _plan.Services;

    /// <summary>Settings by key (<c>Listeners:default:Bind</c>) that the program makes itself. They win over file, environment and command line, and are checked as those are.</summary>
    public IDictionary<string, string?> Settings => _plan.Settings;

    /// <summary>Configures the silo, after everything of the broker's own: grain storages, streams, options of grains. Without effect in a gateway of a cluster, which has none.</summary>
    /// <param name="configure">Configures it.</param>
    public MqttApplicationBuilder ConfigureSilo(Action<ISiloBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _plan.ConfigureSilo += configure;
        return this;
    }

    /// <summary>Configures the log, after the `Logging` section.</summary>
    /// <param name="configure">Configures it.</param>
    public MqttApplicationBuilder ConfigureLogging(Action<ILoggingBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _plan.ConfigureLogging += configure;
        return this;
    }

    /// <summary>Adds somebody who finds out who clients are.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    /// <param name="name">Its <see cref="IAuthenticator.Name"/>, by which settings name it.</param>
    public MqttApplicationBuilder AddAuthenticator<T>(string name) where T : class, IAuthenticator
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _plan.Authenticators.Add(name);
        Services.AddMqttAuthenticator<T>();
        return this;
    }

    /// <summary>Adds somebody who decides what clients may do.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    /// <param name="name">Its <see cref="IAuthorizer.Name"/>, by which settings name it.</param>
    public MqttApplicationBuilder AddAuthorizer<T>(string name) where T : class, IAuthorizer
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _plan.Authorizers.Add(name);
        Services.AddMqttAuthorizer<T>();
        return this;
    }

    /// <summary>Ends the building. Settings are read when the application is started.</summary>
    public MqttApplication Build() => new(_composition, _plan);
}

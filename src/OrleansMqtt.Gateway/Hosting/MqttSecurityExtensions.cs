using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Security;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>Adds authenticators and authorizers of one's own to a process with a gateway. They are asked in the order in which they are added, unless the configuration has another.</summary>
public static class MqttSecurityExtensions
{
    /// <summary>Adds somebody who finds out who clients are.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    public static IServiceCollection AddMqttAuthenticator<T>(this IServiceCollection services) where T : class, IAuthenticator => services.AddSingleton<IAuthenticator, T>();

    /// <summary>Adds somebody who finds it out by AUTH packets.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    public static IServiceCollection AddMqttEnhancedAuthenticator<T>(this IServiceCollection services) where T : class, IEnhancedAuthenticator => services.AddSingleton<IEnhancedAuthenticator, T>();

    /// <summary>Adds somebody who decides what clients may do.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    public static IServiceCollection AddMqttAuthorizer<T>(this IServiceCollection services) where T : class, IAuthorizer => services.AddSingleton<IAuthorizer, T>();
}

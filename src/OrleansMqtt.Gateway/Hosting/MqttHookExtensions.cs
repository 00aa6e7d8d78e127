using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Hooks;

namespace OrleansMqtt.Gateway.Hosting;

/// <summary>Adds hooks around connections and packets to a process with a gateway.</summary>
public static class MqttHookExtensions
{
    /// <summary>Adds code around connections.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    public static IServiceCollection AddMqttConnectionMiddleware<T>(this IServiceCollection services) where T : class, IConnectionMiddleware => services.AddSingleton<IConnectionMiddleware, T>();

    /// <summary>Adds code that sees packets.</summary>
    /// <typeparam name="T">Made once, with the services that its constructor asks for.</typeparam>
    public static IServiceCollection AddMqttPacketInterceptor<T>(this IServiceCollection services) where T : class, IPacketInterceptor => services.AddSingleton<IPacketInterceptor, T>();
}

using Microsoft.Extensions.DependencyInjection;

namespace OrleansMqtt.Routes;

/// <summary>Puts mapped code into a process.</summary>
public static class MqttRouteServices
{
    /// <summary>Has what is mapped take part in this process: in its silo what is mapped on publishes, in its gateway what is mapped on subscriptions and connections.</summary>
    /// <param name="services">The services of the silo or the gateway.</param>
    /// <param name="routes">What is mapped, until the host starts.</param>
    public static IServiceCollection AddMqttRoutes(this IServiceCollection services, MqttRoutes routes) => services.AddSingleton(routes);
}

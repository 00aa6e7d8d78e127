using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansMqtt.Handlers.Payloads;

namespace OrleansMqtt.Broker;

/// <summary>Puts the broker's own interface into a process.</summary>
internal static class MqttBrokerServices
{
    /// <summary>Adds it, once.</summary>
    public static void AddMqttBroker(this IServiceCollection services)
    {
        services.TryAddSingleton<PayloadCodecs>();
        services.TryAddSingleton<IMqttBroker, MqttBroker>();
    }
}

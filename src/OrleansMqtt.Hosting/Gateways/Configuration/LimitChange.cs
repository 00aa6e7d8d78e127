using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Handlers;
using OrleansMqtt.Sessions;
using OrleansMqtt.Settings;
using OrleansMqtt.Topics;

namespace OrleansMqtt.Hosting.Gateways.Configuration;

/// <summary>Puts limits in force in a process that runs.</summary>
internal static class LimitChange
{
    /// <summary>They hold from now on, in the gateway and in the silo beside it if there is one.</summary>
    public static void Apply(IServiceProvider services, GatewaySettings settings)
    {
        var limits = settings.Gateway.Limits;
        services.GetService<Live<SessionLimits>>()?.Set(limits.Session);
        services.GetService<Live<RetainedLimits>>()?.Set(limits.Retained);
        services.GetService<Live<HandlerLimits>>()?.Set(settings.Handlers);
        services.GetRequiredService<Live<GatewayLimits>>().Set(limits);
    }
}

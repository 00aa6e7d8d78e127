using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Puts the HTTP server into a host.</summary>
internal static class HttpServerExtensions
{
    /// <summary>Adds it with the check that every process has. Call it before anything else that starts, so that it can tell of it.</summary>
    public static IServiceCollection AddHttpServer(this IServiceCollection services, HttpSettings settings)
    {
        services.AddHealthChecks().AddCheck<StartedHealthCheck>("process");
        services.AddSingleton(settings);
        services.AddSingleton<HttpServer>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<HttpServer>());
        return services;
    }
}

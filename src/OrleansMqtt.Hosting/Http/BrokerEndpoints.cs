using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace OrleansMqtt.Hosting.Http;

/// <summary>Endpoints of the HTTP server whose parameters and services are those of the broker's process, not of the server, which has none.</summary>
/// <param name="application">The server.</param>
/// <param name="broker">The broker's services.</param>
internal sealed class BrokerEndpoints(WebApplication application, IServiceProvider broker) : IEndpointRouteBuilder
{
    /// <inheritdoc/>
    public IServiceProvider ServiceProvider => broker;

    /// <inheritdoc/>
    public ICollection<EndpointDataSource> DataSources => ((IEndpointRouteBuilder)application).DataSources;

    /// <inheritdoc/>
    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(broker);
}

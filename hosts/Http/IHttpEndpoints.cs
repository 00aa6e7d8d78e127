using Microsoft.AspNetCore.Routing;

namespace OrleansMqtt.Hosts.Http;

/// <summary>What a process answers by HTTP besides its health; a service of the broker's.</summary>
internal interface IHttpEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}

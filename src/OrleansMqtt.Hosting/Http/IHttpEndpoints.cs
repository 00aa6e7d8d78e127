using Microsoft.AspNetCore.Routing;

namespace OrleansMqtt.Hosting.Http;

/// <summary>What a process answers by HTTP besides its health; a service of the broker's.</summary>
internal interface IHttpEndpoints
{
    /// <summary>Adds the endpoints. They have the broker's services.</summary>
    void Map(IEndpointRouteBuilder endpoints);
}

using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Routes;

/// <summary>Code that handles subscriptions or connections, as it was mapped.</summary>
/// <param name="Target">The code.</param>
/// <param name="Options">What it was told.</param>
internal sealed record ClientRoute(RouteTarget Target, ClientRouteOptions Options);

/// <summary>What code that handles subscriptions or connections was told.</summary>
/// <param name="template">Which subscriptions; empty for connections.</param>
internal sealed class ClientRouteOptions(string template)
{
    public string Template => template;

    public string? Name { get; set; }

    public double TimeoutSeconds { get; set; } = 30;
}

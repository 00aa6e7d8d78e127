namespace OrleansMqtt.Routes;

/// <summary>Tells code that is mapped on subscriptions or connections something more. Values that are not allowed are refused when the host starts.</summary>
public sealed class ClientRouteBuilder
{
    private readonly MqttRoutes _routes;
    private readonly ClientRouteOptions _options;

    internal ClientRouteBuilder(MqttRoutes routes, ClientRouteOptions options) => (_routes, _options) = (routes, options);

    /// <summary>Its name in metrics and logs.</summary>
    public ClientRouteBuilder WithName(string name) => Set(options => options.Name = name);

    /// <summary>How long it may take for one client, in seconds, above 0, at most 1,800; then it is waited for no longer. Default: 30.</summary>
    public ClientRouteBuilder WithTimeout(double seconds) => Set(options => options.TimeoutSeconds = seconds);

    private ClientRouteBuilder Set(Action<ClientRouteOptions> set)
    {
        _routes.RequireOpen();
        set(_options);
        return this;
    }
}

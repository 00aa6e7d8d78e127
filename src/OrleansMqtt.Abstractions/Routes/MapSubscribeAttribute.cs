namespace OrleansMqtt.Routes;

/// <summary>
/// Maps a method of any class on subscriptions, as <see cref="MqttRouteBuilderExtensions.MapSubscribe"/> does. It takes part when its class or assembly is mapped
/// (<see cref="MqttRouteBuilderExtensions.MapHandlers(IMqttRouteBuilder, System.Reflection.Assembly)"/>).
/// </summary>
/// <param name="filterOrTemplate">Which subscriptions.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MapSubscribeAttribute(string filterOrTemplate) : Attribute
{
    /// <summary>Which subscriptions.</summary>
    public string FilterOrTemplate => filterOrTemplate;

    /// <summary>Its name in metrics and logs. Default: the filter with dots for slashes.</summary>
    public string? Name { get; set; }

    /// <summary>How long it may take for one subscription, in seconds, above 0, at most 1,800. Default: 30.</summary>
    public double TimeoutSeconds { get; set; } = 30;
}

namespace OrleansMqtt.Routes;

/// <summary>
/// Maps a method of any class on connections, as <see cref="MqttRouteBuilderExtensions.MapConnect"/> does. It takes part when its class or assembly is mapped
/// (<see cref="MqttRouteBuilderExtensions.MapHandlers(IMqttRouteBuilder, System.Reflection.Assembly)"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MapConnectAttribute : Attribute
{
    /// <summary>Its name in metrics and logs. Default: that of the class, and behind a dot that of the method.</summary>
    public string? Name { get; set; }

    /// <summary>How long it may take for one client, in seconds, above 0, at most 1,800. Default: 30.</summary>
    public double TimeoutSeconds { get; set; } = 30;
}

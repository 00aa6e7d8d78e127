namespace OrleansMqtt.Routes;

/// <summary>Something that code can be mapped on, with the methods of <see cref="MqttRouteBuilderExtensions"/>: an application, or <see cref="MqttRoutes"/> itself.</summary>
public interface IMqttRouteBuilder
{
    /// <summary>Where what is mapped is collected.</summary>
    MqttRoutes Routes { get; }
}

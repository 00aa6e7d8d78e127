using OrleansMqtt.Handlers;

namespace OrleansMqtt.Routes;

/// <summary>
/// Maps a method of any class on publishes, as <see cref="MqttRouteBuilderExtensions.MapPublish(IMqttRouteBuilder, string, Delegate)"/> does. It takes part when its class or assembly is mapped
/// (<see cref="MqttRouteBuilderExtensions.MapHandlers(IMqttRouteBuilder, System.Reflection.Assembly)"/>).
/// </summary>
/// <param name="template">The topics.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MapPublishAttribute(string template) : Attribute
{
    /// <summary>Maps it on every publish, but for topics that begin with <c>$</c>.</summary>
    public MapPublishAttribute() : this("")
    {
    }

    /// <summary>The topics; empty for all.</summary>
    public string Template => template;

    /// <inheritdoc cref="TopicHandlerAttribute.Name"/>
    public string? Name { get; set; }

    /// <inheritdoc cref="TopicHandlerAttribute.Ack"/>
    public AckMode Ack { get; set; }

    /// <inheritdoc cref="TopicHandlerAttribute.TimeoutSeconds"/>
    public double TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc cref="TopicHandlerAttribute.Attempts"/>
    public int Attempts { get; set; } = 3;

    /// <inheritdoc cref="TopicHandlerAttribute.BackOffMilliseconds"/>
    public int BackOffMilliseconds { get; set; } = 100;

    /// <inheritdoc cref="PublishRouteBuilder.WithOrder"/>
    public int Order { get; set; }

    /// <inheritdoc cref="PublishRouteBuilder.WithMovesTo"/>
    public string? MovesTo { get; set; }

    internal TopicHandlerAttribute ToOptions(string every) => new(template.Length == 0 ? every : template)
    {
        Name = Name, Ack = Ack, TimeoutSeconds = TimeoutSeconds, Attempts = Attempts, BackOffMilliseconds = BackOffMilliseconds, Order = Order, MovesTo = MovesTo,
    };
}

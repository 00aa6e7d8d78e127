using OrleansMqtt.Handlers;

namespace OrleansMqtt.Routes;

/// <summary>Tells code that is mapped on publishes what <see cref="TopicHandlerAttribute"/> tells a grain. Values that are not allowed are refused when the host starts.</summary>
public sealed class PublishRouteBuilder
{
    private readonly MqttRoutes _routes;
    private readonly TopicHandlerAttribute _options;

    internal PublishRouteBuilder(MqttRoutes routes, TopicHandlerAttribute options) => (_routes, _options) = (routes, options);

    /// <summary>Its name in metrics, logs and its dead-letter topic: one topic level. Default: its template with dots for slashes, <c>sensors.{room}.temp</c>; the next one of the same template has <c>-2</c> behind it.</summary>
    public PublishRouteBuilder WithName(string name) => Set(options => options.Name = name);

    /// <summary>When publishers are acknowledged. Default: <see cref="AckMode.Routed"/>.</summary>
    public PublishRouteBuilder WithAck(AckMode ack) => Set(options => options.Ack = ack);

    /// <summary>How long it may take for one message, in seconds, above 0, at most 1,800. Default: 30.</summary>
    public PublishRouteBuilder WithTimeout(double seconds) => Set(options => options.TimeoutSeconds = seconds);

    /// <summary>How often it is given a message before it has failed for good, 1 to 1,000. Default: 3.</summary>
    /// <param name="attempts">How often.</param>
    /// <param name="backOffMilliseconds">The pause after the first failure, 0 to 60,000; it doubles with each one, up to a minute. Default: 100.</param>
    public PublishRouteBuilder WithAttempts(int attempts, int backOffMilliseconds = 100) =>
        Set(options => (options.Attempts, options.BackOffMilliseconds) = (attempts, backOffMilliseconds));

    /// <summary>Where a filter may move messages to: see <see cref="TopicHandlerAttribute.MovesTo"/>.</summary>
    public PublishRouteBuilder WithMovesTo(string template) => Set(options => options.MovesTo = template);

    /// <summary>Which of several filters of one topic is first: see <see cref="TopicHandlerAttribute.Order"/>. Default: 0.</summary>
    public PublishRouteBuilder WithOrder(int order) => Set(options => options.Order = order);

    private PublishRouteBuilder Set(Action<TopicHandlerAttribute> set)
    {
        _routes.RequireOpen();
        set(_options);
        return this;
    }
}

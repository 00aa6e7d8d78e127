using OrleansMqtt.Handlers;
using OrleansMqtt.Routes.Binding;

namespace OrleansMqtt.Routes;

/// <summary>Code that handles publishes, as it was mapped.</summary>
/// <param name="Target">The code.</param>
/// <param name="Options">What a handler of topics can be told, but its key.</param>
internal sealed record PublishRoute(RouteTarget Target, TopicHandlerAttribute Options);

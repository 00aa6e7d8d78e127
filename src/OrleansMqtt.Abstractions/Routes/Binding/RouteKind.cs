using OrleansMqtt.Handlers;

namespace OrleansMqtt.Routes.Binding;

/// <summary>What code is mapped on.</summary>
/// <param name="Contexts">The types of its context.</param>
/// <param name="TakesPayload">Whether there is a payload.</param>
/// <param name="MayAnswer">Whether what it returns goes anywhere.</param>
internal sealed record RouteKind(Type[] Contexts, bool TakesPayload, bool MayAnswer)
{
    public static RouteKind Publish { get; } = new([typeof(IMqttContext), typeof(TopicContext)], TakesPayload: true, MayAnswer: true);

    public static RouteKind Subscribe { get; } = new([typeof(SubscribeContext)], TakesPayload: false, MayAnswer: true);

    public static RouteKind Connect { get; } = new([], TakesPayload: false, MayAnswer: false);
}

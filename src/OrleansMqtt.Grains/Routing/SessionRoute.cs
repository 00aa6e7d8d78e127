using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <summary>A persistent session that a topic leads to, with all its matching subscriptions taken together.</summary>
/// <param name="ClientId">The session.</param>
/// <param name="ForOthers">For messages of other clients.</param>
/// <param name="ForPublisher">For its own messages; null when No Local leaves none.</param>
internal sealed record SessionRoute(string ClientId, MergedSubscription ForOthers, MergedSubscription? ForPublisher)
{
    /// <summary>This and another route of the same session taken together.</summary>
    public SessionRoute With(SessionRoute other) =>
        new(ClientId, ForOthers.With(other.ForOthers), ForPublisher?.With(other.ForPublisher) ?? other.ForPublisher);
}

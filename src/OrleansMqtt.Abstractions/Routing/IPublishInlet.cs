using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>Brings messages from outside into the routing of this silo.</summary>
internal interface IPublishInlet
{
    /// <summary>Routes messages in their order; waits, some seconds, for a silo that does not know all routes at present. One call at a time.</summary>
    /// <returns>Those that not all receivers have yet.</returns>
    /// <exception cref="NoRoutingLeaseException">The silo did not get to know all routes; nothing is routed.</exception>
    ValueTask<IReadOnlyList<PendingPublish>> RouteAsync(IReadOnlyList<Message> messages);
}

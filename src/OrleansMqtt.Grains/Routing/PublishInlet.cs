using OrleansMqtt.Gateways;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <inheritdoc cref="IPublishInlet"/>
internal sealed class PublishInlet(Router router, RoutingLeases leases) : IPublishInlet
{
    // What a partition that moves takes, and a silo that has just started.
    private static readonly TimeSpan LeasePatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PendingPublish>> RouteAsync(IReadOnlyList<Message> messages)
    {
        if (!leases.AreInForce && !await leases.AwaitAsync(LeasePatience)) throw new NoRoutingLeaseException("This silo does not know all routes at present.");
        return RouteAll(messages);
    }

    private List<PendingPublish> RouteAll(IReadOnlyList<Message> messages)
    {
        var pending = new List<PendingPublish>();
        using var together = DeliveryBatch.Begin();
        foreach (var message in messages)
        {
            var publish = new PublishView(message) { FromOutside = true };
            if (router.RouteNow(ref publish).Pending is { } waiting) pending.Add(waiting);
        }
        return pending;
    }
}

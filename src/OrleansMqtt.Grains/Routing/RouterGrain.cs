using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Grains.Routing;

/// <inheritdoc cref="IRouterGrain"/>
[Reentrant]
internal sealed class RouterGrain(ILocalRouter router, RoutingLeases leases) : Grain, IRouterGrain
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<int>> RouteAsync(ImmutableArray<Message> messages)
    {
        // The caller goes to a silo that knows all routes.
        if (!leases.AreInForce) throw new NoRoutingLeaseException("This silo does not know all routes at present.");
        var results = new int[messages.Length];
        List<Task>? waits = null;
        for (var i = 0; i < messages.Length; i++)
        {
            if (Route(messages[i], out results[i]) is not { } pending) continue;
            var index = i;
            (waits ??= []).Add(WaitAsync(pending, () => results[index] = -1));
        }
        if (waits is not null) await Task.WhenAll(waits);
        return [.. results];
    }

    private PendingPublish? Route(Message message, out int receivers)
    {
        var publish = new PublishView(message);
        var result = router.Route(ref publish);
        receivers = result.Receivers;
        return result.Pending;
    }

    private static async Task WaitAsync(PendingPublish pending, Action failed)
    {
        await pending.WaitAsync();
        if (pending.Failure is not null) failed();
    }
}

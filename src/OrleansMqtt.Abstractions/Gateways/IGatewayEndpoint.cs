using System.Collections.Immutable;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateways;

/// <summary>A gateway as grains see it.</summary>
[Alias("OrleansMqtt.IGatewayEndpoint")]
public interface IGatewayEndpoint : IGrainObserver
{
    /// <summary>
    /// Messages of a session for its client; never more than its window. Returns whether connection <paramref name="epoch"/> is still there.
    /// </summary>
    // With Orleans a call that was under way by a silo that was killed hears nothing of it. This one takes a moment otherwise.
    [Alias("Push")]
    [ResponseTimeout("00:00:03")]
    Task<bool> PushAsync(string clientId, long epoch, ImmutableArray<SessionDelivery> deliveries);

    /// <summary>
    /// Ends connection <paramref name="epoch"/> with a reason (0x8E when another connection takes over). Returns when the client gets nothing more
    /// by it, nothing more is read from it, and what was read is routed and recorded with the session: whether it was there.
    /// </summary>
    // Beside the others: what was read may be on its way to clients of this gateway, and is routed only when those calls are answered.
    [Alias("Close")]
    [AlwaysInterleave]
    Task<bool> CloseAsync(string clientId, long epoch, ReasonCode reason);

    /// <summary>
    /// Messages for this gateway's clients, routed elsewhere. Returns when they are in the clients' queues: per message how many clients it matched, of a
    /// shared group 1 when the member has taken it and 0 when it could not.
    /// </summary>
    [Alias("Deliver")]
    [ResponseTimeout("00:00:03")]
    // A value task: its answer wakes no thread but the one that receives it.
    ValueTask<ImmutableArray<int>> DeliverAsync(GatewayCall call);

    /// <summary>The routes that the gateway has in force in a partition, page by page, for a topic grain that begins anew.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="page">0, or the number that the page before gave.</param>
    // Beside the others: until it is answered, the topic grain gives no leases, and nothing is routed.
    [Alias("ReadRoutes")]
    [AlwaysInterleave]
    Task<RoutePage> ReadRoutesAsync(int partition, int page);

    /// <summary>The gateway's connections, for silos that have lost sight of them.</summary>
    [Alias("GetConnections")]
    Task<IGatewayConnections> GetConnectionsAsync();
}

using OrleansMqtt.Messages;

namespace OrleansMqtt.Routing;

/// <summary>
/// The routing code of this process, for a gateway that shares it with a silo: a direct call on the reading thread, with no grain
/// call and no queue in between. <see cref="IRouterGrain"/> exposes the same code to gateways elsewhere.
/// </summary>
public interface ILocalRouter
{
    /// <summary>
    /// Matches one publish and hands it to every receiver. Never blocks. Calls of one publisher must come in its order.
    /// </summary>
    RouteResult Route(ref PublishView publish);

    /// <summary>
    /// Hands a message of a shared group, which a leaving member did not acknowledge, to another member. No receivers, and nothing done, when
    /// there is none. Whoever keeps the message forgets it when the other has it, not before.
    /// </summary>
    RouteResult Redeliver(SharedGroupKey group, Message message, string leavingClient);

    /// <summary>
    /// Appends to a session's log behind everything that has been routed to it so far; <paramref name="done"/> is called when it is there or
    /// could not be.
    /// </summary>
    void Append(string clientId, Sessions.SessionLogEntry entry, Action<Exception?> done);

    /// <summary>
    /// Whether there may be retained messages anywhere that a filter matches, those included that are on their way to be stored. Answers without
    /// waiting; most subscriptions meet none.
    /// </summary>
    bool MayHoldRetained(ReadOnlySpan<byte> filter);

    /// <summary>
    /// Whether a partition may hold retained messages that a filter matches. To be asked once <see cref="RetainedStoredAsync"/> is completed.
    /// </summary>
    bool MayHoldRetained(int partition, ReadOnlySpan<byte> filter);

    /// <summary>
    /// Completed when every retained message that this process has routed so far in the partition is stored. A subscription that became
    /// effective after such a publish was routed, and so missed it live, finds it when it looks for retained messages after this.
    /// </summary>
    Task RetainedStoredAsync(int partition);
}

using System.Collections.Immutable;

namespace OrleansMqtt.Sessions;

/// <summary>
/// One client identifier: which connection has it now, and what outlives the connection (subscriptions, undelivered messages, will, expiry).
/// Every connection gets an epoch; calls that carry an older epoch than the present one change nothing.
/// </summary>
[Alias("OrleansMqtt.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>A client has connected. Ends the connection before it, if there is one [MQTT-3.1.4-3], and says what the session holds.</summary>
    [Alias("Connect")]
    Task<ConnectOutcome> ConnectAsync(ConnectRequest request);

    /// <summary>CONNACK has been sent: undelivered messages may follow, those in flight first and in their order [MQTT-4.4.0-1].</summary>
    [Alias("Start")]
    Task StartAsync(long epoch);

    /// <summary>The connection has ended. Publishes the will where it is due, ends the session where its expiry says so.</summary>
    [Alias("Disconnect")]
    Task DisconnectAsync(long epoch, DisconnectRequest request);

    /// <summary>Keeps subscriptions with a persistent session. Returns when the session's routes are in force in every silo; false when <paramref name="epoch"/> is past.</summary>
    [Alias("Subscribe")]
    Task<bool> SubscribeAsync(long epoch, ImmutableArray<SessionSubscription> subscriptions);

    /// <summary>Forgets subscriptions, by filter, and ends their routes. False when <paramref name="epoch"/> is past.</summary>
    [Alias("Unsubscribe")]
    Task<bool> UnsubscribeAsync(long epoch, ImmutableArray<string> filters);

    /// <summary>
    /// Appends to the session's log and returns when it is there. Messages come in the order in which they are to be delivered.
    /// False, and nothing taken, when the session has ended: routes to it can outlive it by a moment. Waits for no other grain.
    /// </summary>
    [Alias("Deliver")]
    [AlwaysInterleave]
    Task<bool> DeliverAsync(ImmutableArray<SessionLogEntry> entries);

    /// <summary>Whether the client has, or has had, a connection after the one of that number.</summary>
    [Alias("HasLaterConnection")]
    [AlwaysInterleave]
    Task<bool> HasLaterConnectionAsync(long epoch);

    /// <summary>Messages in the session's log, those in flight included.</summary>
    [Alias("Count")]
    [AlwaysInterleave]
    Task<int> CountAsync();

    /// <summary>
    /// What the client has acknowledged, stored and released, in order. Returns when it is recorded; false when <paramref name="epoch"/> is past.
    /// Interleaves, so that a connection that is being taken over can still settle.
    /// </summary>
    [Alias("Operate")]
    [AlwaysInterleave]
    Task<bool> OperateAsync(long epoch, ImmutableArray<SessionOperation> operations);

    /// <summary>
    /// Connection <paramref name="epoch"/>, of which nothing is stored, is there: the activation that it was made with may have been lost, or moved. False when it is to end, because another
    /// one is the client's latest.
    /// </summary>
    [Alias("Confirm")]
    Task<bool> ConfirmAsync(long epoch, string gateway, Gateways.IGatewayEndpoint endpoint);

    /// <summary>
    /// Connection <paramref name="epoch"/> is gone together with its gateway: what <see cref="DisconnectAsync"/> would have done for a connection that was
    /// lost is done now, or brought to its end. Idempotent.
    /// </summary>
    /// <param name="epoch">The connection.</param>
    /// <param name="gateway">The gateway, where it is known to be gone though this activation may still count on it; null after a start of everything: whoever is connected came after it.</param>
    [Alias("ConnectionLost")]
    Task ConnectionLostAsync(long epoch, string? gateway = null);

    /// <summary>A due time set with <see cref="Deadlines.IDeadlineGrain"/> has come.</summary>
    [Alias("Due")]
    Task DueAsync(Deadlines.DeadlineKind kind, long epoch);
}

namespace OrleansMqtt.Diagnostics;

/// <summary>The limit because of which something that a client wanted was refused.</summary>
public enum RefusalKind
{
    /// <summary>A CONNECT: as many clients are connected as may be.</summary>
    Connections,

    /// <summary>A CONNECT: as many connections come from its address as may be.</summary>
    ConnectionsPerAddress,

    /// <summary>A CONNECT: too many came at once.</summary>
    ConnectRate,

    /// <summary>A connection that had not sent CONNECT, and was the oldest of too many such.</summary>
    HalfOpenConnections,

    /// <summary>A CONNECT, or a client that took its messages too slowly: memory runs short.</summary>
    Overload,

    /// <summary>A message: its client or user publishes too fast.</summary>
    PublishRate,

    /// <summary>A message, a will or a subscription: its topic is too long, or has too many levels.</summary>
    Topic,

    /// <summary>A message or a will: it is not allowed to be retained, or there is no room for it among the retained ones.</summary>
    Retained,

    /// <summary>A message or a will of a quality of service that is not allowed.</summary>
    QualityOfService,

    /// <summary>A subscription: the client has as many as it may have.</summary>
    Subscriptions,

    /// <summary>A subscription: the client subscribes too fast.</summary>
    SubscribeRate,

    /// <summary>A subscription of a kind that is not allowed: with wildcards, or shared.</summary>
    SubscriptionKind,
}

namespace OrleansMqtt.Broker;

/// <summary>What one process has counted since it started. What only gateways count is 0 in a process without one, and so with silos.</summary>
public sealed record BrokerStatistics
{
    /// <summary>Connections accepted (gateways).</summary>
    public required long ConnectionsTotal { get; init; }

    /// <summary>Clients connected (gateways).</summary>
    public required long ConnectionsCurrent { get; init; }

    /// <summary>Most clients connected at once (gateways).</summary>
    public required long ConnectionsMaximum { get; init; }

    /// <summary>PUBLISH packets accepted from clients (gateways).</summary>
    public required long MessagesReceived { get; init; }

    /// <summary>Copies of messages written to clients (gateways).</summary>
    public required long MessagesSent { get; init; }

    /// <summary>Copies of messages that did not reach their receiver.</summary>
    public required long MessagesDropped { get; init; }

    /// <summary>Subscriptions of clients that are connected (gateways).</summary>
    public required long SubscriptionsCurrent { get; init; }

    /// <summary>Subscriptions that have begun here: by SUBSCRIBE, or because a session with subscriptions has connected (gateways).</summary>
    public required long SubscriptionsBegun { get; init; }

    /// <summary>Subscriptions that have ended here: by UNSUBSCRIBE, or because their client has gone (gateways).</summary>
    public required long SubscriptionsEnded { get; init; }

    /// <summary>Retained messages of the topics that are at home here (silos).</summary>
    public required long RetainedMessages { get; init; }

    /// <summary>Connections by address, those included that have not sent CONNECT; of IPv6 by network, <c>2001:db8:0:1::/64</c> (gateways).</summary>
    public required IReadOnlyDictionary<string, int> ConnectionsByAddress { get; init; }
}

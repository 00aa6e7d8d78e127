namespace OrleansMqtt.Events;

/// <summary>Something that has happened to a client.</summary>
public abstract record ClientEvent : BrokerEvent
{
    /// <summary>Client identifier.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The user; null for an anonymous client.</summary>
    public string? UserName { get; init; }

    /// <summary>Number of the client's connection. A later connection of the same client has a higher one, at whichever gateway: events of different gateways may overtake each other.</summary>
    public long Connection { get; init; }
}

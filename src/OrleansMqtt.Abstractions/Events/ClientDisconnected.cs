using System.Text.Json.Serialization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Events;

/// <summary>The connection of a client that had its CONNACK has ended.</summary>
public sealed record ClientDisconnected : ClientEvent
{
    /// <summary>Who has ended it.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<DisconnectedBy>))]
    public DisconnectedBy By { get; init; }

    /// <summary>The reason code of whoever has ended it, also where its version has no packet to say it; null if the connection was lost. A number in JSON, since one code has several names.</summary>
    public ReasonCode? Reason { get; init; }

    /// <summary>The reason in words; null if there are none.</summary>
    public string? Description { get; init; }
}

/// <summary>Who has ended a connection.</summary>
public enum DisconnectedBy
{
    /// <summary>The client, by DISCONNECT.</summary>
    Client,

    /// <summary>The broker: because of an error of the client, a limit, another connection of the same client, a stop.</summary>
    Broker,

    /// <summary>Nobody who said so: the connection was lost, or closed without DISCONNECT.</summary>
    Network,

    /// <summary>
    /// The gateway was lost, with all its clients: told by a silo, when it is noticed. The user is not known, and it may be told twice, or not at all of a client that is connected again by then: its
    /// <see cref="ClientConnected"/> has a higher <see cref="ClientEvent.Connection"/>.
    /// </summary>
    Gateway,
}

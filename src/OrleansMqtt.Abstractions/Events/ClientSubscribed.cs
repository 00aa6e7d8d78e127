using System.Text.Json.Serialization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Events;

/// <summary>A client has been granted a subscription, or has changed one that it had.</summary>
public sealed record ClientSubscribed : ClientEvent
{
    /// <summary>The topic filter, with the group where it is shared, and with the mount point of the listener.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The quality of service that was asked for.</summary>
    public int RequestedQoS { get; init; }

    /// <summary>The quality of service that was granted.</summary>
    public int GrantedQoS { get; init; }

    /// <summary>Whether the client's own messages are left out.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Whether the RETAIN flag is passed on as published.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>What becomes of retained messages at SUBSCRIBE.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<RetainHandling>))]
    public RetainHandling RetainHandling { get; init; }

    /// <summary>Subscription Identifier; null for none.</summary>
    public uint? Identifier { get; init; }
}

/// <summary>A subscription of a connected client has ended. Not told where it ends with its session.</summary>
public sealed record ClientUnsubscribed : ClientEvent
{
    /// <summary>The topic filter, as in <see cref="ClientSubscribed.Filter"/>.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Whether it is not allowed any more. Otherwise the client has ended it.</summary>
    public bool IsRevoked { get; init; }
}

using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Sessions;

/// <summary>A QoS 1 or 2 message in the log of a persistent session.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SessionLogEntry")]
public sealed record SessionLogEntry
{
    /// <summary>Position in the log, rising by one; given by the session. The packet identifier follows from it.</summary>
    [Id(0)] public long Sequence { get; init; }

    /// <summary>The message.</summary>
    [Id(1)] public required Message Message { get; init; }

    /// <summary>Quality of service for this subscriber: the lower of the publisher's and the subscription's [MQTT-3.8.4-8].</summary>
    [Id(2)] public required QualityOfService QoS { get; init; }

    /// <summary>RETAIN flag for this subscriber.</summary>
    [Id(3)] public bool Retain { get; init; }

    /// <summary>Identifiers of the subscriptions that matched [MQTT-3.3.4-3].</summary>
    [Id(4)] public ImmutableArray<uint> SubscriptionIdentifiers { get; init; } = [];

    /// <summary>The shared group that the message came by; null otherwise.</summary>
    [Id(5)] public SharedGroupKey? Group { get; init; }
}

using System.Collections.Immutable;
using OrleansMqtt.Messages;

namespace OrleansMqtt.Sessions;

/// <summary>What a client that has just connected gets of its session.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.ConnectOutcome")]
public sealed record ConnectOutcome
{
    /// <summary>Number of this connection; every call about it carries it.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Whether state of an earlier connection goes on [MQTT-3.2.2-2], [MQTT-3.2.2-3].</summary>
    [Id(1)] public bool SessionPresent { get; init; }

    /// <summary>
    /// Whether the session has a log: QoS 1 and 2 messages then come through <see cref="Gateways.IGatewayEndpoint.PushAsync"/>. Otherwise everything lives and ends in the gateway.
    /// </summary>
    [Id(4)] public bool Persistent { get; init; }

    /// <summary>The session's subscriptions, to be put in force at the gateway.</summary>
    [Id(2)] public ImmutableArray<SessionSubscription> Subscriptions { get; init; } = [];

    /// <summary>QoS 2 messages that the client has sent and not released yet.</summary>
    [Id(3)] public ImmutableArray<InboundMessage> Inbound { get; init; } = [];
}

/// <summary>A subscription of a session.</summary>
/// <param name="Filter">The filter as the client sent it, with `$share/group/` where it is shared.</param>
/// <param name="Options">Its options.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SessionSubscription")]
public sealed record SessionSubscription([property: Id(0)] string Filter, [property: Id(1)] SubscriptionOptions Options);

/// <summary>A QoS 2 message that the client has sent and not released yet [MQTT-4.3.3-10].</summary>
/// <param name="PacketId">The client's packet identifier.</param>
/// <param name="Message">The message, not yet published.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.InboundMessage")]
public sealed record InboundMessage([property: Id(0)] ushort PacketId, [property: Id(1)] Message Message);

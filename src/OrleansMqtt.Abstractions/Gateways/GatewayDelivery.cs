using System.Collections.Immutable;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Gateways;

/// <summary>What a router sends to a gateway in one call.</summary>
/// <param name="Router">The router: a random number that no other one has.</param>
/// <param name="Call">
/// Rises with each call of this router to this gateway. A router makes one call at a time and repeats it, unchanged, until it is answered: so the gateway, which remembers
/// the latest call and its answers, carries each of them out once.
/// </param>
/// <param name="Publishes">Messages for every client with a matching subscription, in order.</param>
/// <param name="Others">Those that do not travel packed, in order; they keep their places among <paramref name="Publishes"/>.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.GatewayCall")]
public sealed record GatewayCall(
    [property: Id(0)] long Router, [property: Id(1)] long Call, [property: Id(2)] PackedPublishes Publishes, [property: Id(3)] ImmutableArray<GatewayDelivery> Others);

/// <summary>A message for a gateway that has an identity, or is for a member of a shared group.</summary>
/// <param name="Message">The message.</param>
/// <param name="Member">The member of a shared group that is to get it; null when it is for every client with a matching subscription.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.GatewayDelivery")]
public readonly record struct GatewayDelivery([property: Id(0)] Message Message, [property: Id(1)] SharedDelivery? Member = null);

/// <summary>To whom of a shared group a message goes, and how.</summary>
/// <param name="ClientId">The member.</param>
/// <param name="Group">The group.</param>
/// <param name="Options">The member's subscription.</param>
/// <param name="QoS">Quality of service for it.</param>
/// <param name="MayWait">Whether a busy member takes it into its queue; without, only one that it can be sent to at once takes it.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.SharedDelivery")]
public sealed record SharedDelivery(
    [property: Id(0)] string ClientId,
    [property: Id(1)] SharedGroupKey Group,
    [property: Id(2)] SubscriptionOptions Options,
    [property: Id(3)] QualityOfService QoS,
    [property: Id(4)] bool MayWait);

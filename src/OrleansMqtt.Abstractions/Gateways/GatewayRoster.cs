using System.Collections.Immutable;

namespace OrleansMqtt.Gateways;

/// <summary>The gateways that are not gone, at one moment.</summary>
/// <param name="Version">Rises with each change, also from one activation of the registry to the next.</param>
/// <param name="Gateways">One entry for each.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.GatewayRoster")]
public sealed record GatewayRoster([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<GatewayEntry> Gateways);

/// <summary>A gateway that is not gone.</summary>
/// <param name="Name">Its name, which no other gateway ever has.</param>
/// <param name="Endpoint">Where it is reached; null while the registry has moved and not heard of it again.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.GatewayEntry")]
public sealed record GatewayEntry([property: Id(0)] string Name, [property: Id(1)] IGatewayEndpoint? Endpoint);

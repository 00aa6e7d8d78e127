using System.Collections.Immutable;

namespace OrleansMqtt.Routing;

/// <summary>Some of the routes that a gateway has in force in one partition.</summary>
/// <param name="Routes">None is a removal.</param>
/// <param name="Next">The number of the next page; null when this one is the last.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RoutePage")]
public sealed record RoutePage([property: Id(0)] ImmutableArray<RouteChange> Routes, [property: Id(1)] int? Next);

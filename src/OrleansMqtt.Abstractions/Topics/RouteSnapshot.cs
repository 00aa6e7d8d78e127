using System.Collections.Immutable;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Topics;

/// <summary>All routes of one partition at one version.</summary>
/// <param name="Version">Version of the partition.</param>
/// <param name="Routes">Its routes; none is a removal.</param>
/// <param name="Presence">What retained messages it may hold.</param>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RouteSnapshot")]
public sealed record RouteSnapshot([property: Id(0)] long Version, [property: Id(1)] ImmutableArray<RouteChange> Routes, [property: Id(2)] RetainedPresence Presence);

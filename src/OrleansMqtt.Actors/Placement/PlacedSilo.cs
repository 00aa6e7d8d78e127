using Orleans.Runtime;

namespace OrleansMqtt.Actors.Placement;

/// <summary>A silo on which grains may be placed.</summary>
/// <param name="Address">Which silo, and which run of it.</param>
/// <param name="Manifest">Of which grain types, as <see cref="GrainManifest"/> writes them; the same for the whole run. Null: of all.</param>
internal readonly record struct PlacedSilo(SiloAddress Address, string? Manifest);

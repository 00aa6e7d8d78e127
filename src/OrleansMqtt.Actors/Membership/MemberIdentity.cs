using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>What a silo writes of itself into the table.</summary>
/// <param name="Address">Which silo, and which run of it. Its caller has bound the end point, so that no earlier run is left there.</param>
/// <param name="Name">Its name.</param>
/// <param name="HostName">Its machine.</param>
/// <param name="ProxyPort">Its port for clients; 0: none.</param>
/// <param name="Manifest">Its grain types, as <see cref="Placement.GrainManifest"/> writes them.</param>
internal sealed record MemberIdentity(SiloAddress Address, string Name, string HostName, int ProxyPort, string Manifest);

using System.Net;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Networking;

/// <summary>Whom to connect to.</summary>
/// <param name="EndPoint">Where.</param>
/// <param name="Silo">Which run of a silo must answer there; null: whichever does.</param>
internal readonly record struct PeerTarget(EndPoint EndPoint, SiloAddress? Silo)
{
    public static PeerTarget Exactly(SiloAddress silo) => new(silo.Endpoint, silo);

    public static PeerTarget AnySiloAt(EndPoint endPoint) => new(endPoint, null);

    public override string ToString() => Silo is null ? $"any silo at {EndPoint}" : "silo " + Silo;
}

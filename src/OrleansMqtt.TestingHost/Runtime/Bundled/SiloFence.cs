using System.Collections.Immutable;
using OrleansMqtt.Actors.Membership;
using OrleansMqtt.Leases;

namespace OrleansMqtt.TestingHost.Runtime;

/// <summary>The membership of the bundled runtime, as the broker asks for it.</summary>
internal sealed class SiloFence(IFencedMembership membership) : ISiloFence
{
    public bool IsHeld => membership.HoldsLease;

    public ImmutableArray<string> Silos => membership.Silos;

    public Task Changed => membership.Changed;

    public bool IsHome(GrainId grain) => membership.IsHome(grain);

    public bool IsGone(string silo) => membership.IsDead(silo);
}

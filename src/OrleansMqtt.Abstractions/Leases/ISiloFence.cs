using System.Collections.Immutable;

namespace OrleansMqtt.Leases;

/// <summary>
/// What an actor runtime knows for certain of its silos, where it does. Silos of a cluster register one as a singleton, or none: then only time says that a silo routes no more, and leases of route
/// replicas are short (<see cref="LeaseTimes.Replica"/> instead of <see cref="LeaseTimes.FencedReplica"/>). All silos of a cluster alike. Thread-safe. Silos are named by <see cref="SiloAddress.ToString"/>.
/// </summary>
/// <remarks>
/// It promises three things.
/// <list type="number">
/// <item>When <see cref="IsGone"/> is true anywhere, <see cref="IsHeld"/> of that silo was false already, and stays so, whatever the silo knows.</item>
/// <item>An activation of a grain begins when those before take no calls any more: their silos have handed over, or were gone.</item>
/// <item>A silo that an activation before may have answered is among <see cref="Silos"/> where the next one begins, or is gone.</item>
/// </list>
/// </remarks>
public interface ISiloFence
{
    /// <summary>Whether this silo may serve at this moment. Cheap: ask before each thing that only a member may do.</summary>
    bool IsHeld { get; }

    /// <summary>All silos that may serve, by what this one knows now.</summary>
    ImmutableArray<string> Silos { get; }

    /// <summary>Completes when what this silo knows is another.</summary>
    Task Changed { get; }

    /// <summary>Whether a grain that runs here is to stay here, by what this silo knows now.</summary>
    bool IsHome(GrainId grain);

    /// <summary>Whether a silo was a member and will never serve again. False for one that was never heard of.</summary>
    bool IsGone(string silo);
}

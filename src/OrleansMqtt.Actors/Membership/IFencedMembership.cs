using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>
/// The membership of a silo's cluster, for code that relies on self-fencing: a silo has stopped serving before any other knows that it is dead. A service of each silo of a cluster. Thread-safe.
/// Silos are named by <see cref="SiloAddress.ToString"/>.
/// </summary>
public interface IFencedMembership
{
    /// <summary>Whether this silo holds its lease at this moment. One comparison of a timestamp.</summary>
    bool HoldsLease { get; }

    /// <summary>The silos that are active or shutting down, by the view that decides now which grains this silo may run.</summary>
    ImmutableArray<string> Silos { get; }

    /// <summary>Of that view; rises from one to the next. -1 as long as there is none.</summary>
    long Version { get; }

    /// <summary>Completes when all silos have handed over what that view takes from them; fails with <see cref="SiloUnavailableException"/> when the silo is no member.</summary>
    Task Settled { get; }

    /// <summary>Completes when there is another view.</summary>
    Task Changed { get; }

    /// <summary>Whether a grain is placed on this silo, or is still run by it, by the view that decides now.</summary>
    bool IsHome(GrainId grain);

    /// <summary>Whether a silo was a member in a view before, and is dead.</summary>
    bool IsDead(string silo);
}

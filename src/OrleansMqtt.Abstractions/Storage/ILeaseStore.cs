using System.Collections.Immutable;

namespace OrleansMqtt.Storage;

/// <summary>A right that one process has for a time.</summary>
/// <param name="Name">What it is a right to.</param>
/// <param name="Holder">Who has it.</param>
/// <param name="Token">Rises each time the right changes hands: what is written under it is fenced by it.</param>
/// <param name="ExpiresAt">Until when, by the store's clock, Unix milliseconds.</param>
/// <param name="Data">What the holder tells others, such as its address.</param>
public sealed record Lease(string Name, string Holder, long Token, long ExpiresAt, string Data);

/// <summary>A lease that was taken, whoever had it.</summary>
/// <param name="Lease">The lease, with a token of its own.</param>
/// <param name="WasHeld">Whether it was in force for somebody, so far as is known: true as well when the answer to a first try was lost.</param>
public readonly record struct TakenLease(Lease Lease, bool WasHeld);

/// <summary>Leases, by name. The store's clock decides, so that processes need not agree on the time.</summary>
public interface ILeaseStore
{
    /// <summary>Takes a lease that is free, has expired or is <paramref name="holder"/>'s own, which keeps its token; null while somebody else has it.</summary>
    ValueTask<Lease?> AcquireAsync(string name, string holder, TimeSpan duration, string data = "");

    /// <summary>Takes a lease, in one step, from whoever has it: it is in force for nobody else then.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="holder">Who takes it: a name that nobody has who may take it too.</param>
    /// <param name="duration">How long it is in force.</param>
    ValueTask<TakenLease> TakeAsync(string name, string holder, TimeSpan duration);

    /// <summary>Extends a lease; null when it is no longer <paramref name="lease"/>'s holder's under the same token. One that has expired and was not taken can be extended.</summary>
    ValueTask<Lease?> RenewAsync(Lease lease, TimeSpan duration);

    /// <summary>Gives a lease back, if it is still held. The token of the name goes on rising.</summary>
    ValueTask ReleaseAsync(Lease lease);

    /// <summary>Leases in force whose names begin with <paramref name="prefix"/>, by name.</summary>
    ValueTask<ImmutableArray<Lease>> ReadAsync(string prefix);
}

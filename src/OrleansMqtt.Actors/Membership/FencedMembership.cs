using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <inheritdoc cref="IFencedMembership"/>
/// <param name="agent">The silo's agent; null as long as the silo has not joined.</param>
internal sealed class FencedMembership(Func<MembershipAgent?> agent) : IFencedMembership
{
    // Who was never seen may be one that joins, in a view that has not come here.
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private TaskCompletionSource _changed = NewChanged();

    /// <inheritdoc/>
    public bool HoldsLease => agent() is { HoldsLease: true };

    /// <inheritdoc/>
    // The agent's own view, not the latest that was announced: the silo may run a grain before the view by which it does has been announced.
    public ImmutableArray<string> Silos => [.. View.Members.Where(static member => member.Status != SiloStatus.Joining).Select(static member => member.Address.ToString())];

    /// <inheritdoc/>
    public long Version => View.Version;

    /// <inheritdoc/>
    public Task Settled => agent()?.Settled ?? Task.FromException(new SiloUnavailableException("The silo has not joined its cluster yet."));

    /// <inheritdoc/>
    public Task Changed => Volatile.Read(ref _changed).Task;

    private MembershipView View => agent()?.Current ?? MembershipView.None;

    /// <inheritdoc/>
    public bool IsHome(GrainId grain) => agent() is { } joined && joined.OwnershipOf(grain) != GrainOwnership.Elsewhere;

    /// <inheritdoc/>
    public bool IsDead(string silo) => _seen.ContainsKey(silo) && !View.Members.Any(member => member.Address.ToString() == silo);

    /// <summary>Takes in the next view.</summary>
    public void Observe(MembershipView view)
    {
        foreach (var member in view.Members) _seen.TryAdd(member.Address.ToString(), true);
        Interlocked.Exchange(ref _changed, NewChanged()).SetResult();
    }

    private static TaskCompletionSource NewChanged() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

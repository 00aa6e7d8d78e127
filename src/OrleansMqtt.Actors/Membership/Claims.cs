using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Placement;

namespace OrleansMqtt.Actors.Membership;

/// <summary>
/// Which grains a silo may run, so that no two ever run the same.
/// </summary>
/// <remarks>
/// <para>A view is <em>settled</em> for a silo when a reading of the table at exactly that version shows that every other silo which is
/// active or shutting down has confirmed it. Each confirms, with its heartbeat, the version that it has applied and handed its grains
/// over for. A silo owns the grains that it wins against all silos that were active in any view which it applied since its last settled
/// one, that one included, provided that it was active itself in all of them. So an owner that stays need not pause
/// when others come and go; a new owner, a silo that has just joined above all, waits for the confirmations.</para>
/// <para>Why that is enough: let p own a grain by the settled view S and q by the later settled T. (By the same view they cannot: it has
/// one winner.) When q settled T, p was dead in T, and then its lease was over, or gone from the table, the same; or p had confirmed T.
/// The reading that showed this was at version T, so p had confirmed T itself, not a later one: p had applied T, in which q is
/// active and wins the grain from p. T is among the views that p has applied since S, so p does not own the grain, unless it has
/// settled a later view yet; then the two change places in this argument.</para>
/// <para>That silos have different grain classes changes nothing: only those that have its class draw for a grain, and which these are is written in the rows when the silos join and does not change.
/// So one view still has one winner; and p, which runs the grain, has its class, so that it drew against q in T, or was not active in T.</para>
/// <para>A single grain need not wait for the view to be settled: it is enough that each of the others says of that grain what a confirmation says of all. Let q have it by view T in this way. Each p was
/// then at T, did not run it, and did not own it by T; it owns it again only by a view that it settles, or is given the grain in, and for that q must have applied the view, by
/// which it has lost what it was given here.</para>
/// </remarks>
internal sealed class Claims
{
    private readonly SiloAddress _self;
    private readonly RendezvousPlacement _contenders;
    private readonly ImmutableHashSet<GrainId> _given;

    public Claims(SiloAddress self)
        : this(self, MembershipView.None, RendezvousPlacement.Empty, isSettled: false, [])
    {
    }

    private Claims(SiloAddress self, MembershipView view, RendezvousPlacement contenders, bool isSettled, ImmutableHashSet<GrainId> given)
    {
        _self = self;
        _contenders = contenders;
        _given = given;
        View = view;
        IsSettled = isSettled;
    }

    /// <summary>The latest view applied.</summary>
    public MembershipView View { get; }

    /// <summary>Whether all others have confirmed <see cref="View"/>.</summary>
    public bool IsSettled { get; }

    /// <summary>What the silo is to a grain, its lease left aside.</summary>
    public GrainOwnership Of(GrainId grain)
    {
        if (!_self.Equals(View.Placement.Of(grain)))
        {
            return GrainOwnership.Elsewhere;
        }

        return IsSettled || _self.Equals(_contenders.Of(grain)) || _given.Contains(grain) ? GrainOwnership.Owned : GrainOwnership.Pending;
    }

    /// <summary>The claims under a newer view. It is not settled yet.</summary>
    public Claims Apply(MembershipView view)
    {
        var stays = view.Placement.Contains(_self) && _contenders.Contains(_self);
        return new(
            _self, view, stays ? new(_contenders.Candidates.Concat(view.Placement.Candidates)) : RendezvousPlacement.Empty, isSettled: false,
            _given.Where(grain => _self.Equals(view.Placement.Of(grain))).ToImmutableHashSet());
    }

    /// <summary>The claims when all others have said of these grains that they do not run them, by <see cref="View"/>.</summary>
    public Claims Give(IEnumerable<GrainId> grains) => new(_self, View, _contenders, IsSettled, _given.Union(grains));

    /// <summary>The claims after a reading at the version of <see cref="View"/>.</summary>
    public Claims Settle(MembershipTableData table) =>
        IsSettled || !table.Members.All(row => HasConfirmed(row.Item1, table.Version.Version))
            ? this
            : new(_self, View, View.Placement.Contains(_self) ? View.Placement : RendezvousPlacement.Empty, isSettled: true, []);

    // Who is joining has never owned anything.
    private bool HasConfirmed(MembershipEntry entry, int version) =>
        entry.Status is not (SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
        || entry.SiloAddress.Equals(_self)
        || entry.UpdateZone == version;
}

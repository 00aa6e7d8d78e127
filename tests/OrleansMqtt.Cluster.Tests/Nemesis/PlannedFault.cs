namespace OrleansMqtt.Cluster.Tests.Nemesis;

/// <summary>One thing that goes wrong.</summary>
/// <param name="Part">Name of the part that it happens to.</param>
/// <param name="Kind">What happens.</param>
/// <param name="From">The part that cannot reach it any more, for <see cref="FaultKind.StallPeer"/>; otherwise null.</param>
internal sealed record PlannedFault(string Part, FaultKind Kind, string? From = null)
{
    public override string ToString() => From is null ? $"{Kind} {Part}" : $"{Kind} {Part} from {From}";
}

/// <summary>What goes wrong at the same time, one or two things.</summary>
/// <param name="Faults">The things, each to another part.</param>
/// <param name="Length">How long until they are mended.</param>
internal sealed record PlannedRound(IReadOnlyList<PlannedFault> Faults, TimeSpan Length)
{
    public override string ToString() => FormattableString.Invariant($"{string.Join(" and ", Faults)} for {Length.TotalSeconds:0.0} s");
}

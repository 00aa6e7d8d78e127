using Orleans.Runtime;

namespace Orleans;

/// <summary>A silo's row in the membership table.</summary>
public sealed class MembershipEntry
{
    /// <summary>Which silo, and which run of it.</summary>
    public SiloAddress SiloAddress { get; set; } = default!;

    /// <summary>What it is in the cluster.</summary>
    public SiloStatus Status { get; set; }

    /// <summary>Who said when that it is dead; null: nobody.</summary>
    public List<Tuple<SiloAddress, DateTime>>? SuspectTimes { get; set; }

    /// <summary>The port for clients; 0: it takes none.</summary>
    public int ProxyPort { get; set; }

    /// <summary>The machine's name.</summary>
    public string HostName { get; set; } = default!;

    /// <summary>The silo's name.</summary>
    public string SiloName { get; set; } = default!;

    /// <summary>The bundled runtime keeps here of which grain types the silo has the classes. It does not change.</summary>
    public string? RoleName { get; set; }

    /// <summary>The bundled runtime keeps here up to which table version the silo has handed its grains over. It comes with each heartbeat.</summary>
    public int UpdateZone { get; set; }

    /// <summary>Not used; kept for those who share the table.</summary>
    public int FaultZone { get; set; }

    /// <summary>When this run began, UTC, by the silo's clock.</summary>
    public DateTime StartTime { get; set; }

    /// <summary>The latest heartbeat, UTC, by the silo's clock. Others only see whether it changes.</summary>
    public DateTime IAmAliveTime { get; set; }

    /// <summary>Notes who says that the silo is dead.</summary>
    /// <param name="suspectingSilo">Who.</param>
    /// <param name="suspectingTime">When, UTC.</param>
    public void AddSuspector(SiloAddress suspectingSilo, DateTime suspectingTime) => (SuspectTimes ??= []).Add(Tuple.Create(suspectingSilo, suspectingTime));

    /// <inheritdoc/>
    public override string ToString() => $"SiloAddress={SiloAddress} SiloName={SiloName} Status={Status}";

    internal MembershipEntry Copy()
    {
        var copy = (MembershipEntry)MemberwiseClone();
        copy.SuspectTimes = SuspectTimes is null ? null : [.. SuspectTimes];
        return copy;
    }

    internal MembershipEntry WithStatus(SiloStatus status)
    {
        var copy = Copy();
        copy.Status = status;
        return copy;
    }
}

namespace Orleans.Configuration;

/// <summary>How soon a silo counts as dead. The defaults are those of the bundled runtime, which decides by heartbeats in the table alone:
/// shorter than Orleans'.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How often a silo writes its heartbeat and reads the table. At least 10 milliseconds. Default: 500 milliseconds.</summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many heartbeats long a silo's lease is: a silo whose heartbeat has not changed for this long is declared dead, and has
    /// stopped by itself before. At least 4, since one that is late must do no harm. Default: 4, so that the lease is 2 seconds.</summary>
    public int NumMissedTableIAmAliveLimit { get; set; } = 4;

    /// <summary>How often one who is no member reads the table. At least 10 milliseconds. Default: 500 milliseconds.</summary>
    public TimeSpan TableRefreshTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a silo tries to join before its start fails. Positive. Default: 5 minutes.</summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long dead silos stay in the table. Longer than any lease. Default: 7 days.</summary>
    public TimeSpan DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often they are looked for; null: never. Positive. Default: 1 hour.</summary>
    public TimeSpan? DefunctSiloCleanupPeriod { get; set; } = TimeSpan.FromHours(1);
}

using Orleans.Configuration;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Membership;

/// <summary>The periods of membership, derived from the options and checked.</summary>
internal sealed class MembershipTiming
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(10);

    /// <exception cref="OrleansConfigurationException">The options contradict themselves.</exception>
    public MembershipTiming(ClusterMembershipOptions options)
    {
        Require(options.IAmAliveTablePublishTimeout >= ShortestPeriod, nameof(options.IAmAliveTablePublishTimeout), "must be at least 10 ms.");
        Require(options.IAmAliveTablePublishTimeout <= TimeSpan.FromHours(1), nameof(options.IAmAliveTablePublishTimeout), "must be at most an hour.");
        Require(options.NumMissedTableIAmAliveLimit is >= 4 and <= 1000, nameof(options.NumMissedTableIAmAliveLimit),
            "must be 4 to 1000: a heartbeat may be late and the one after it lost, and still the silo lives.");
        Require(options.TableRefreshTimeout >= ShortestPeriod, nameof(options.TableRefreshTimeout), "must be at least 10 ms.");
        Require(options.TableRefreshTimeout <= TimeSpan.FromHours(1), nameof(options.TableRefreshTimeout), "must be at most an hour.");
        Require(options.MaxJoinAttemptTime > TimeSpan.Zero, nameof(options.MaxJoinAttemptTime), "must be positive.");
        Require(options.DefunctSiloCleanupPeriod is not { } period || period > TimeSpan.Zero, nameof(options.DefunctSiloCleanupPeriod), "must be positive, or null.");
        RenewPeriod = options.IAmAliveTablePublishTimeout;
        LeaseDuration = RenewPeriod * options.NumMissedTableIAmAliveLimit;
        Require(options.DefunctSiloExpiration > LeaseDuration, nameof(options.DefunctSiloExpiration), "must be longer than the lease.");
        RefreshPeriod = options.TableRefreshTimeout;
        MaximumJoinTime = options.MaxJoinAttemptTime;
        DefunctExpiration = options.DefunctSiloExpiration;
        CleanupPeriod = options.DefunctSiloCleanupPeriod;
    }

    /// <summary>From one heartbeat to the next.</summary>
    public TimeSpan RenewPeriod { get; }

    /// <summary>How long others see a heartbeat unchanged before they declare a silo dead.</summary>
    public TimeSpan LeaseDuration { get; }

    /// <summary>How long a silo itself counts on its heartbeat: a tenth less, which is far more than clocks' rates differ by.</summary>
    public TimeSpan OwnLeaseDuration => LeaseDuration * 0.9;

    /// <summary>Readings further apart than this have an outage between them, of the store or of the reader. Shorter ones harm nobody: a
    /// heartbeat is at most one period old when they begin, and comes a time-out and a retry after they end, which together is less than four.</summary>
    public TimeSpan LongestGap => RenewPeriod * 2;

    /// <summary>How long one access to the table may take. What is slower counts as failed, though it may yet be carried out. Less than
    /// a period, so that a slow store alone makes no gap.</summary>
    public TimeSpan OperationTimeout => RenewPeriod * 0.75;

    /// <summary>The pause before the next access while there is something to wait for.</summary>
    public TimeSpan RetryPeriod => RenewPeriod / 5;

    /// <summary>From one reading of who is no member to the next.</summary>
    public TimeSpan RefreshPeriod { get; }

    public TimeSpan MaximumJoinTime { get; }

    public TimeSpan DefunctExpiration { get; }

    public TimeSpan? CleanupPeriod { get; }

    private static void Require(bool isMet, string option, string rule)
    {
        if (!isMet)
        {
            throw new OrleansConfigurationException($"{nameof(ClusterMembershipOptions)}.{option} {rule}");
        }
    }
}

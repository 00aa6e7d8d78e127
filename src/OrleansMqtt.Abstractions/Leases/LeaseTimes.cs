namespace OrleansMqtt.Leases;

/// <summary>
/// How long the rights last that the parts of a cluster give each other. A right is counted by its holder from before it asked, and by its giver from when it
/// gave it, so that it is over for the holder first, however long the answer took; clocks need not agree on the time, only run about equally fast.
/// </summary>
public sealed record LeaseTimes
{
    /// <summary>How long a gateway may serve clients without an answer from the registry. Default: 4 seconds.</summary>
    public TimeSpan Gateway { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often a gateway renews its lease. Default: 1 second.</summary>
    public TimeSpan GatewayHeartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo may route by its replica without an answer from a topic grain, where nothing else says that it routes no more. Default: 2 seconds.</summary>
    public TimeSpan Replica { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// As <see cref="Replica"/>, where an <see cref="ISiloFence"/> says which silos are gone. It outlasts the time in which a dead silo's topic grains begin anew elsewhere, as without a topic grain
    /// nothing changes; and it is what a change of a route takes at most when a silo lives that cannot be told. Default: 6 seconds.
    /// </summary>
    public TimeSpan FencedReplica { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How often a silo renews it; also how long a change may be on its way to a silo whose lease is still renewed. Default: 0.5 seconds.</summary>
    public TimeSpan ReplicaRenewal { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How often the registry looks after what nobody tells it, and makes sure that no other has taken its place. Default: 1 second.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a topic grain looks whether all gateways that its routes lead to are still there. Default: 10 seconds.</summary>
    public TimeSpan RosterCheck { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long something that failed for a passing reason rests before it is tried again. Default: 0.1 seconds.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>The one or the other of a replica's leases.</summary>
    public TimeSpan ReplicaWith(ISiloFence? fence) => fence is null ? Replica : FencedReplica;

    /// <summary>What a giver waits longer than the holder's count, so that a clock that runs 5 percent fast does no harm.</summary>
    public static TimeSpan WithMargin(TimeSpan lease) => lease + (lease / 20);
}

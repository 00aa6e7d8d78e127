using OrleansMqtt.Leases;
using OrleansMqtt.TestingHost.Runtime;

namespace OrleansMqtt.TestingHost;

/// <summary>
/// How soon the parts of a test cluster count as dead. The defaults are shorter than a real cluster's, so that tests with kills are quick: after a kill the others go on within about three seconds.
/// They are counted by the cluster's clock, which does not run ahead of a process that gets no processor.
/// </summary>
public sealed record MqttTestTimes
{
    /// <summary>How often a silo says that it lives; one that has not for four times as long is dead. At least 10 milliseconds. Default: 0.25 seconds.</summary>
    public TimeSpan SiloHeartbeat { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>
    /// Leases of gateways and route replicas. Default: 2.5 seconds for a gateway (with Microsoft Orleans 10), 3 seconds for a replica (2). A gateway's has to outlast the time in which a dead silo is noticed and another takes over what
    /// that held; one that is without any silo for longer closes its clients.
    /// </summary>
    public LeaseTimes Leases { get; init; } = new()
    {
        Gateway = ClusterRuntime.GatewayLease,
        GatewayHeartbeat = TimeSpan.FromSeconds(0.25),
        FencedReplica = TimeSpan.FromSeconds(3),
        ReplicaRenewal = TimeSpan.FromSeconds(0.25),
        Round = TimeSpan.FromSeconds(0.25),
        RosterCheck = TimeSpan.FromSeconds(1),
        Retry = TimeSpan.FromSeconds(0.05),
    };

    /// <summary>After which time a grain call without an answer fails. Positive. Default: 15 seconds.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(15);
}

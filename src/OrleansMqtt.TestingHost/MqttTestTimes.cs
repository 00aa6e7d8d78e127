using OrleansMqtt.Leases;

namespace OrleansMqtt.TestingHost;

/// <summary>
/// How soon the parts of a test cluster count as dead. The defaults are about half of a real cluster's, so that tests with kills are quick: after a kill the others go on within three seconds.
/// They are counted by the cluster's clock, which does not run ahead of a process that gets no processor.
/// </summary>
public sealed record MqttTestTimes
{
    /// <summary>How often a silo says that it lives; one that has not for four times as long is dead. At least 10 milliseconds. Default: 0.25 seconds.</summary>
    public TimeSpan SiloHeartbeat { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Leases of gateways and route replicas. Default: 1.5 seconds for a gateway, 1 second for a replica.</summary>
    public LeaseTimes Leases { get; init; } = new()
    {
        Gateway = TimeSpan.FromSeconds(1.5),
        GatewayHeartbeat = TimeSpan.FromSeconds(0.25),
        Replica = TimeSpan.FromSeconds(1),
        ReplicaRenewal = TimeSpan.FromSeconds(0.25),
        Round = TimeSpan.FromSeconds(0.25),
        RosterCheck = TimeSpan.FromSeconds(1),
        Retry = TimeSpan.FromSeconds(0.05),
    };

    /// <summary>After which time a grain call without an answer fails. Positive. Default: 15 seconds.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(15);
}

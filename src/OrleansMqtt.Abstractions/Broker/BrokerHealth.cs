using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrleansMqtt.Broker;

/// <summary>How a process is.</summary>
public sealed record BrokerHealth
{
    /// <summary>The worst of what its health checks say: the store, the place in the cluster, and what the host has added. Unhealthy too when it does not run.</summary>
    public required HealthStatus Status { get; init; }

    /// <summary>Whether the host has started and does not stop.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>Clients connected (gateways).</summary>
    public required long Connections { get; init; }

    /// <summary>Most clients that may be connected (gateways); 0 for any number, and where there is no gateway.</summary>
    public required long MaxConnections { get; init; }

    /// <summary>What each check says that is not healthy, by the check's name.</summary>
    public required IReadOnlyDictionary<string, string> Problems { get; init; }
}

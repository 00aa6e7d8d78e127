namespace OrleansMqtt.Processes.Clusters;

/// <summary>What a cluster is made of.</summary>
internal sealed record ClusterShape
{
    public int Gateways { get; init; } = 2;

    public int Silos { get; init; } = 3;

    /// <summary>Whether the links between silos, gateways and Redis go through proxies that can cut them.</summary>
    public bool HasLinks { get; init; }

    /// <summary>What silos are started with besides; asked at each start of one.</summary>
    public Func<string[]> SiloArguments { get; init; } = static () => [];

    /// <summary>When its processes are killed at the latest, so that none outlives a test host that died.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);
}

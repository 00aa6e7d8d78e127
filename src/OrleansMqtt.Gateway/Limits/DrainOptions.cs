namespace OrleansMqtt.Gateway.Limits;

/// <summary>How a gateway of a cluster moves its clients to the other gateways when it is told to stop. A broker that is alone closes all at once.</summary>
public sealed record DrainOptions
{
    /// <summary>
    /// Where clients are to go: what 5.0 clients get as Server Reference with 0x9C Use another server, for instance "other.example.org:1883"; several are separated by
    /// spaces [MQTT 5.0 section 4.13]. Null: they get 0x8B Server shutting down and find another gateway themselves.
    /// </summary>
    public string? ServerReference { get; init; }

    /// <summary>Clients that are told to go a second, 1 to 1,000,000. Meanwhile the others are served.</summary>
    public int ClientsPerSecond { get; init; } = 1000;

    /// <summary>How long that takes at most: those that are left then go at once. Zero: all go at once.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(20);
}

namespace OrleansMqtt.Gateway.Lanes;

/// <summary>How a gateway without a silo of its own sends its publishes to the silos.</summary>
public sealed record LaneOptions
{
    /// <summary>Number of lanes, 1 to 256. Everything one client publishes goes through one of them.</summary>
    public int Count { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 256);

    /// <summary>Bytes that one lane may hold which are not with all receivers yet, at least 1,024; beyond, its publishers are read no further.</summary>
    public long MaxBytes { get; init; } = 16L << 20;

    /// <summary>Bytes of the messages that go with one call, except that one message may be longer. By default such that no array is a large object: those are collected with everything else only.</summary>
    internal int BatchBytes { get; init; } = 64 * 1024;

    /// <summary>How long a lane that finds no silo holds what it has; then its publishers are closed with 0x89 Server busy, until there is one.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);
}

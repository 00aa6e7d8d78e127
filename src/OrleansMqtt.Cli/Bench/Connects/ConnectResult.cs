using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Connects;

/// <summary>What a run that only connects found.</summary>
internal sealed record ConnectResult
{
    /// <summary>Clients that the broker accepted.</summary>
    public required int Connected { get; init; }

    /// <summary>Clients that tried and failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Connections that ended while they were to be held.</summary>
    public required int LostWhileHeld { get; init; }

    /// <summary>From the first attempt to the last CONNACK.</summary>
    public required double Seconds { get; init; }

    /// <summary>From opening the socket to CONNACK.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Whether it was told to end before its time.</summary>
    public required bool EndedEarly { get; init; }

    /// <summary>Processor time of the load generator.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

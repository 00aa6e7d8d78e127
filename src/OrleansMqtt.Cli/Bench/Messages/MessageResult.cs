using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>What a run with publishers and subscribers found.</summary>
internal sealed record MessageResult
{
    /// <summary>The accounts of the whole run.</summary>
    public required MessageCounts Counts { get; init; }

    /// <summary>Length of the measured span; 0 if the run ended before.</summary>
    public required double Seconds { get; init; }

    /// <summary>Messages sent in the measured span.</summary>
    public required long SentInSpan { get; init; }

    /// <summary>Messages received in the measured span.</summary>
    public required long ReceivedInSpan { get; init; }

    /// <summary>From sending to receiving, for messages sent in the measured span.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>Whether it was told to end before its time.</summary>
    public required bool EndedEarly { get; init; }

    /// <summary>Processor time of the load generator, in seconds: where it comes near the time that passed, it was the bottleneck.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>What went wrong.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

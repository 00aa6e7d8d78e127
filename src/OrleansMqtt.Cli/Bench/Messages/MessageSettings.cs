using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Cli.Bench.Messages;

/// <summary>What publishers and subscribers do.</summary>
internal sealed record MessageSettings
{
    /// <summary>How many publish; at least 1.</summary>
    public required int Publishers { get; init; }

    /// <summary>How many subscribe.</summary>
    public required int Subscribers { get; init; }

    /// <summary>How they find each other.</summary>
    public required TopicPattern Topics { get; init; }

    /// <summary>QoS of messages and subscriptions.</summary>
    public required QualityOfService QoS { get; init; }

    /// <summary>Bytes of each payload, the stamp among them.</summary>
    public required int PayloadBytes { get; init; }

    /// <summary>QoS 1 and 2 messages that a publisher has unacknowledged at most.</summary>
    public required int Window { get; init; }

    /// <summary>Messages that a publisher is ahead of its slowest receiver at most; 0 for no limit.</summary>
    public required int Ahead { get; init; }

    /// <summary>Messages written at once at most.</summary>
    public required int Burst { get; init; }

    /// <summary>Messages per second and publisher; 0 for as many as possible.</summary>
    public required double Rate { get; init; }

    /// <summary>Messages per publisher, after which the run ends early; 0 for no limit.</summary>
    public required long Count { get; init; }

    /// <summary>Time before anything is measured.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Measured time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many subscribers get each message.</summary>
    public int Copies => Topics == TopicPattern.Pairs ? 1 : Subscribers;

    /// <summary>What subscriber <paramref name="number"/> subscribes to.</summary>
    public string Filter(string prefix, int number) => Topics switch
    {
        TopicPattern.Own => $"{prefix}/+/v",
        TopicPattern.One => $"{prefix}/t",
        _ => $"{prefix}/{number}/v",
    };

    /// <summary>Where publisher <paramref name="number"/> publishes.</summary>
    public string Topic(string prefix, int number) => Topics == TopicPattern.One ? $"{prefix}/t" : $"{prefix}/{number}/v";
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What a publisher does.</summary>
internal sealed record PublisherPlan
{
    /// <summary>Its client identifier.</summary>
    public required string ClientId { get; init; }

    /// <summary>Begins its payloads.</summary>
    public required string Name { get; init; }

    /// <summary>Where it publishes to, each time to one by chance; but first once to each in turn.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>At which QoS.</summary>
    public required QualityOfService QoS { get; init; }

    /// <summary>Whether messages are retained.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether it keeps its session, and sends again what is unacknowledged.</summary>
    public bool IsPersistent { get; init; } = true;

    /// <summary>Most messages under way.</summary>
    public required int Window { get; init; }

    /// <summary>Messages per second, on average.</summary>
    public required double Rate { get; init; }

    /// <summary>Least bytes of a payload.</summary>
    public required int Size { get; init; }

    /// <summary>Decides what chance decides.</summary>
    public required int Seed { get; init; }
}

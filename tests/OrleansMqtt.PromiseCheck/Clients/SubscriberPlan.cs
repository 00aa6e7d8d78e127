using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What a persistent subscriber does.</summary>
internal sealed record SubscriberPlan
{
    /// <summary>Its client identifier.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it subscribes to. No two match the same topic: whether such a message comes once or twice is the broker's choice.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>At which QoS.</summary>
    public required QualityOfService QoS { get; init; }

    /// <summary>Whether it leaves now and then, and comes back.</summary>
    public bool IsLeaver { get; init; }

    /// <summary>Decides what chance decides.</summary>
    public required int Seed { get; init; }
}

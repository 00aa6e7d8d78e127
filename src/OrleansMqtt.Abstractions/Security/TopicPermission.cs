using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security;

/// <summary>Some topics, and what may be done with them.</summary>
/// <param name="Actions">What this is about.</param>
/// <param name="Filter">The topics, as a topic filter.</param>
public sealed record TopicPermission(TopicActions Actions, string Filter)
{
    /// <summary>Whether it allows or refuses.</summary>
    public bool Allows { get; init; } = true;

    /// <summary>Highest quality of service of a publish that it is about.</summary>
    public QualityOfService MaximumQoS { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether it is about publishes that are to be retained too.</summary>
    public bool Retain { get; init; } = true;
}

using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Security.Rules;

/// <summary>What a rule says of its topics. Its conditions are about publishes alone.</summary>
/// <param name="Actions">What it is about.</param>
/// <param name="Allows">Whether it allows or refuses.</param>
internal sealed record TopicRule(TopicActions Actions, bool Allows)
{
    /// <summary>The lowest quality of service of a publish that it is about.</summary>
    public QualityOfService MinimumQoS { get; init; } = QualityOfService.AtMostOnce;

    /// <summary>The highest one.</summary>
    public QualityOfService MaximumQoS { get; init; } = QualityOfService.ExactlyOnce;

    /// <summary>Whether it is about publishes that are to be retained alone, or about the others alone; null: about both.</summary>
    public bool? Retain { get; init; }

    /// <summary>Whether it is about what a client wants, its topic left aside.</summary>
    public bool IsAbout(in AuthorizationRequest request) => request.Action == TopicAction.Publish
        ? Actions.HasFlag(TopicActions.Publish) && request.QoS >= MinimumQoS && request.QoS <= MaximumQoS && (Retain is null || Retain == request.Retain)
        : Actions.HasFlag(TopicActions.Subscribe);
}

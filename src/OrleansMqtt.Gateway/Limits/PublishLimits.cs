using OrleansMqtt.Diagnostics;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Settings;

namespace OrleansMqtt.Gateway.Limits;

/// <summary>What messages may not be, whoever publishes them.</summary>
internal sealed class PublishLimits
{
    private readonly GatewayLimits _limits;

    private PublishLimits(GatewayLimits limits) => _limits = limits;

    /// <summary>Those of <paramref name="limits"/>; null where every message that the protocol allows is allowed.</summary>
    public static PublishLimits? Of(GatewayLimits limits) =>
        limits is { MaxTopicBytes: GatewayLimits.LongestTopic, MaxTopicLevels: 0, RetainAvailable: true, MaxQoS: QualityOfService.ExactlyOnce, Retained.MaxRetainedMessageBytes: 0 } ? null : new PublishLimits(limits);

    /// <summary>Which limit a message is beyond, and what its publisher is told; null where it is allowed.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="topic">Its topic as its publisher knows it.</param>
    public Refusal? Examine(in PublishFrame frame, ReadOnlySpan<byte> topic)
    {
        if (OfTopic(_limits, topic) is { } tooLong) return tooLong;
        if (OfKind(_limits, frame.QoS, frame.Retain) is { } kind) return kind;
        var size = frame.Topic.Length + frame.ForwardedPropertiesLength + frame.Payload.Length;
        return frame.Retain && _limits.Retained.MaxRetainedMessageBytes is > 0 and var most && size > most && !frame.Payload.IsEmpty
            ? new Refusal(RefusalKind.Retained, ReasonCode.QuotaExceeded, "a message too large to be retained", EndsConnection: false)
            : null;
    }

    /// <summary>What is wrong with a topic name; null where it is allowed.</summary>
    public static Refusal? OfTopic(GatewayLimits limits, ReadOnlySpan<byte> topic) => topic.Length > limits.MaxTopicBytes
        ? new Refusal(RefusalKind.Topic, ReasonCode.TopicNameInvalid, $"a topic name of {topic.Length} bytes", EndsConnection: false)
        : limits.MaxTopicLevels > 0 && topic.Count((byte)'/') >= limits.MaxTopicLevels
            ? new Refusal(RefusalKind.Topic, ReasonCode.TopicNameInvalid, $"a topic name of more than {limits.MaxTopicLevels} levels", EndsConnection: false)
            : null;

    /// <summary>Whether a quality of service or RETAIN is not allowed: what CONNACK has announced [MQTT-3.2.2-11], [MQTT-3.2.2-14].</summary>
    public static Refusal? OfKind(GatewayLimits limits, QualityOfService qos, bool retain) => qos > limits.MaxQoS
        ? new Refusal(RefusalKind.QualityOfService, ReasonCode.QosNotSupported, $"QoS {(int)qos} is not allowed", EndsConnection: true)
        : retain && !limits.RetainAvailable
            ? new Refusal(RefusalKind.Retained, ReasonCode.RetainNotSupported, "nothing may be retained", EndsConnection: true)
            : null;
}

/// <summary>That something a client wants is not allowed.</summary>
/// <param name="Kind">The limit.</param>
/// <param name="Reason">What a 5.0 client is told.</param>
/// <param name="Description">The same for people.</param>
/// <param name="EndsConnection">Whether it is a breach of what the client was told at CONNACK.</param>
internal sealed record Refusal(RefusalKind Kind, ReasonCode Reason, string Description, bool EndsConnection);

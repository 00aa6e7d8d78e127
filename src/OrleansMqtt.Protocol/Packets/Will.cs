using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Protocol.Packets;

/// <summary>The message a server publishes for a client that is lost (MQTT 5.0 section 3.1.2.5). Its properties stay encoded, so that
/// it can be stored and published without being written anew.</summary>
public sealed class Will
{
    /// <summary>Topic name; not empty, no wildcards.</summary>
    public required string Topic { get; init; }

    /// <summary>Payload bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>QoS of the publication.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>Whether the will is published as a retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>Seconds between the loss of the connection and the publication. 5.0 only.</summary>
    public uint DelayInterval { get; init; }

    /// <summary>Life of the message in seconds from its publication; null if it does not expire. 5.0 only.</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>The property section as a PUBLISH carries it: payload format, content type, response topic, correlation data and user
    /// properties in their order; without length prefix, expiry and delay. Made by <see cref="MessageProperties.Encode"/>. The
    /// encoder refuses a will whose section is not well-formed. 5.0 only.</summary>
    public ReadOnlyMemory<byte> ForwardedProperties { get; init; }

    /// <summary>Whether the payload says that it is UTF-8 text; null if it says nothing.</summary>
    public bool? PayloadFormatIndicator => Properties.PayloadFormatIndicator;

    /// <summary>What the payload is, or null.</summary>
    public string? ContentType => Properties.ContentType;

    /// <summary>Topic name for answers, or null.</summary>
    public string? ResponseTopic => Properties.ResponseTopic;

    /// <summary>Copy of the correlation data, or null.</summary>
    public ReadOnlyMemory<byte>? CorrelationData => Properties.CorrelationData;

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties => Properties.UserProperties;

    private MessageProperties Properties => new(ForwardedProperties.Span);
}

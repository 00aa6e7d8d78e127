using System.Text;
using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Codec;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Handlers;

/// <summary>What a filter (<see cref="TopicHandlerAttribute.Filter"/>) makes of a message.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.FilterDecision")]
public sealed class FilterDecision
{
    /// <summary>The message goes on as it is.</summary>
    public static FilterDecision Allow { get; } = new();

    [Id(0)] internal ReasonCode Reason { get; init; }

    [Id(1)] internal string? Text { get; init; }

    [Id(2)] internal string? Topic { get; init; }

    [Id(3)] internal QualityOfService? QoS { get; init; }

    [Id(4)] internal bool? Retain { get; init; }

    [Id(5)] internal byte[]? Payload { get; init; }

    // Encoded.
    [Id(6)] internal byte[]? UserProperties { get; init; }

    /// <summary>
    /// The message goes nowhere, and is not retained. A 5.0 publisher hears the reason (PUBACK, PUBREC) [MQTT-4.3.2-4]; one of an older version, which can be told nothing but that its message was taken, is
    /// acknowledged, and so is QoS 2 of a persistent session, which is filtered when it is released: its PUBREC has been sent before.
    /// </summary>
    /// <param name="reason">0x80 Unspecified error, 0x83 Implementation specific error, 0x87 Not authorized, 0x90 Topic Name invalid, 0x97 Quota exceeded or 0x99 Payload format invalid.</param>
    /// <param name="text">Why, for the broker's log (level Debug); the publisher does not see it.</param>
    /// <exception cref="ArgumentOutOfRangeException">No other reason can be given for a message.</exception>
    public static FilterDecision Deny(ReasonCode reason = ReasonCode.NotAuthorized, string? text = null)
    {
        if (!MayBeReason(reason)) throw new ArgumentOutOfRangeException(nameof(reason), reason, "PUBACK and PUBREC have no such reason code for a message that is not taken.");
        return new FilterDecision { Reason = reason, Text = text };
    }

    /// <summary>The message goes on changed; what is not given stays as it is. <see cref="TopicContext.Change"/> changes the payload too.</summary>
    /// <param name="qos">Quality of service for those who receive it. What it is raised to it has from here on: after a crash, a message that was published at QoS 0 or 1 may come twice at QoS 2.</param>
    /// <param name="retain">Whether it is retained.</param>
    /// <param name="topic">Topic name: that of the message, or one that matches <see cref="TopicHandlerAttribute.MovesTo"/>. The filters of the new topic have the message next, those excepted that have had it.</param>
    /// <param name="userProperties">All its user properties.</param>
    /// <exception cref="ArgumentException">This is no topic name, or no quality of service, or a property can't be written.</exception>
    public static FilterDecision Change(QualityOfService? qos = null, bool? retain = null, string? topic = null, IReadOnlyList<UserProperty>? userProperties = null) =>
        ChangeTo(null, qos, retain, topic, userProperties);

    internal static FilterDecision ChangeTo(byte[]? payload, QualityOfService? qos, bool? retain, string? topic, IReadOnlyList<UserProperty>? userProperties)
    {
        if (topic is not null && !TopicName.IsValid(topic)) throw new ArgumentException($"\"{topic}\" is no topic name.", nameof(topic));
        if (qos is > QualityOfService.ExactlyOnce) throw new ArgumentOutOfRangeException(nameof(qos), qos, "There is no such quality of service.");
        return new FilterDecision
        {
            Topic = topic, QoS = qos, Retain = retain, Payload = payload, UserProperties = userProperties is null ? null : MessageProperties.Encode(userProperties: userProperties),
        };
    }

    /// <summary>Whether the message is to go on.</summary>
    internal bool Passes => Reason == ReasonCode.Success;

    private bool Changes => Topic is not null || QoS is not null || Retain is not null || Payload is not null || UserProperties is not null;

    /// <summary>What has become of the message, of which it says that it passes.</summary>
    internal Message ApplyTo(Message message) => !Changes ? message : new Message(Topic is null ? message.Topic : Encoding.UTF8.GetBytes(Topic), PropertiesOf(message), Payload is null ? message.Payload : Payload)
    {
        QoS = QoS ?? message.QoS, Retain = Retain ?? message.Retain, ExpiresAt = message.ExpiresAt, Publisher = message.Publisher, Identity = message.Identity, Stamp = message.Stamp,
        Order = message.Order, IsLate = message.IsLate,
    };

    private ReadOnlySpan<byte> PropertiesOf(Message message)
    {
        if (UserProperties is null) return message.Properties;
        var properties = new MessageProperties(message.Properties);
        return (byte[])[.. MessageProperties.Encode(properties.PayloadFormatIndicator, properties.ContentType, properties.ResponseTopic, properties.CorrelationData), .. UserProperties];
    }

    private static bool MayBeReason(ReasonCode reason) => reason is ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized
        or ReasonCode.TopicNameInvalid or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid;
}

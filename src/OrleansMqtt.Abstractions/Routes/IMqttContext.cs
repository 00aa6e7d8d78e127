using System.Text.Json;
using OrleansMqtt.Handlers;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Routes;

/// <summary>A message as code sees it that is mapped on publishes, and what it may do besides.</summary>
public interface IMqttContext
{
    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>What a name of the template stands for: a level, or of a tail the levels, which may be none.</summary>
    /// <exception cref="ArgumentException">The template has no such name.</exception>
    string this[string name] { get; }

    /// <summary>The payload's bytes.</summary>
    ReadOnlyMemory<byte> Payload { get; }

    /// <summary>The payload as text: UTF-8, with U+FFFD for what is none.</summary>
    string PayloadText { get; }

    /// <summary>The payload as JSON.</summary>
    /// <exception cref="JsonException">It is no JSON of that type.</exception>
    T? PayloadAs<T>();

    /// <summary>The publisher's quality of service.</summary>
    QualityOfService QoS { get; }

    /// <summary>Whether it was published to be retained.</summary>
    bool Retain { get; }

    /// <summary>What the payload is, in the publisher's words; null if it says nothing.</summary>
    string? ContentType { get; }

    /// <summary>Where an answer is to go; null if none is wanted.</summary>
    string? ResponseTopic { get; }

    /// <summary>What an answer is to be recognized by; null for nothing.</summary>
    ReadOnlyMemory<byte>? CorrelationData { get; }

    /// <summary>User properties in order.</summary>
    IReadOnlyList<UserProperty> UserProperties { get; }

    /// <summary>Who published it; null for the broker itself, and for other handlers. More than its identifier is known where it is connected to a gateway of this process.</summary>
    MqttClientInfo? Client { get; }

    /// <summary>The how manieth time the message is given to this code because it failed before, from 1.</summary>
    int Attempt { get; }

    /// <summary>Cancelled when it has taken too long.</summary>
    CancellationToken Cancellation { get; }

    /// <inheritdoc cref="OrleansMqtt.Handlers.TopicContext.PublishAsync"/>
    Task PublishAsync<T>(string topic, T payload, QualityOfService qos = QualityOfService.AtMostOnce, bool retain = false, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OrleansMqtt.Handlers.TopicContext.Change"/>
    FilterDecision Change<T>(T payload, QualityOfService? qos = null, bool? retain = null, string? topic = null, IReadOnlyList<UserProperty>? userProperties = null);

    /// <inheritdoc cref="OrleansMqtt.Handlers.TopicContext.ReplyAsync"/>
    Task ReplyAsync<T>(T payload, CancellationToken cancellationToken = default);
}

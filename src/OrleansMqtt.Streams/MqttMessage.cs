using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Streams;

/// <summary>A message of a stream: one that a client has published, or one to be published.</summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.Streams.MqttMessage")]
public sealed record MqttMessage
{
    /// <summary>Topic name. Empty in a message to be published: the key of the stream, which then is no filter with wildcards.</summary>
    [Id(0)] public string Topic { get; init; } = "";

    /// <summary>Application payload.</summary>
    [Id(1)] public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Quality of service; of a received message the one by which it came, at most 1.</summary>
    [Id(2)] public QualityOfService QoS { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Whether it was, or is to be, retained.</summary>
    [Id(3)] public bool Retain { get; init; }

    /// <summary>What the payload is, in the publisher's words; null if it says nothing.</summary>
    [Id(4)] public string? ContentType { get; init; }

    /// <summary>Where an answer is to go; null if none is wanted.</summary>
    [Id(5)] public string? ResponseTopic { get; init; }

    /// <summary>What an answer is to be recognized by; null for nothing.</summary>
    [Id(6)] public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>User properties in order.</summary>
    [Id(7)] public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>The payload as text, UTF-8; bytes that are none are replaced.</summary>
    public string PayloadText => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>A message with a text as its payload.</summary>
    /// <param name="topic">Topic name; empty: see <see cref="Topic"/>.</param>
    /// <param name="text">The payload, as UTF-8.</param>
    public static MqttMessage OfText(string topic, string text) => new() { Topic = topic, Payload = Encoding.UTF8.GetBytes(text) };
}

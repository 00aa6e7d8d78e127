using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Messages;

/// <summary>
/// An application message that outlives the packet it came in. Topic, properties and payload stay the encoded bytes that the
/// publisher sent, in one array; they are written to subscribers as they are. Immutable, so it crosses grain calls in one process by reference.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.Message")]
public sealed class Message
{
    /// <summary>The value of <see cref="ExpiresAt"/> of a message that does not expire.</summary>
    public const long Never = long.MaxValue;

    [Id(0)] private readonly byte[] _body;
    [Id(1)] private readonly int _topicLength;
    [Id(2)] private readonly int _propertiesLength;
    // Number 0 for none: a nullable field would take eight bytes more in every message.
    [Id(8)] private readonly LaneStamp _stamp;

    /// <summary>Copies the parts into a new message.</summary>
    /// <param name="topic">Topic name, UTF-8, at most 65,535 bytes.</param>
    /// <param name="properties">Encoded property section without its length prefix: those that are forwarded unchanged [MQTT-3.3.2-4], [MQTT-3.3.2-17].</param>
    /// <param name="payload">Application payload.</param>
    public Message(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> payload)
    {
        _body = GC.AllocateUninitializedArray<byte>(topic.Length + properties.Length + payload.Length);
        topic.CopyTo(_body);
        properties.CopyTo(_body.AsSpan(topic.Length));
        payload.CopyTo(_body.AsSpan(topic.Length + properties.Length));
        (_topicLength, _propertiesLength) = (topic.Length, properties.Length);
    }

    /// <summary>
    /// The same bytes as a message of its own: without the RETAIN flag and without identity, so that it passes neither for the retained message that it
    /// is a copy of nor for the publish that this one came by.
    /// </summary>
    public Message Copy() => new(this) { QoS = QoS, ExpiresAt = ExpiresAt, Publisher = Publisher };

    private Message(Message other) => (_body, _topicLength, _propertiesLength) = (other._body, other._topicLength, other._propertiesLength);

    /// <summary>Topic name, UTF-8.</summary>
    public ReadOnlySpan<byte> Topic => _body.AsSpan(0, _topicLength);

    /// <summary>Encoded forwarded properties, without length prefix; empty when the publisher sent none.</summary>
    public ReadOnlySpan<byte> Properties => _body.AsSpan(_topicLength, _propertiesLength);

    /// <summary>Application payload.</summary>
    public ReadOnlySpan<byte> Payload => _body.AsSpan(_topicLength + _propertiesLength);

    /// <summary>The payload as memory over the same bytes.</summary>
    public ReadOnlyMemory<byte> PayloadMemory => _body.AsMemory(_topicLength + _propertiesLength);

    /// <summary>The topic name as text.</summary>
    public string TopicName => Encoding.UTF8.GetString(Topic);

    /// <summary>Bytes of topic, properties and payload together.</summary>
    public int Size => _body.Length;

    /// <summary>The publisher's quality of service.</summary>
    [Id(3)] public QualityOfService QoS { get; init; }

    /// <summary>The publisher's RETAIN flag.</summary>
    [Id(4)] public bool Retain { get; init; }

    /// <summary>When the message expires, in Unix milliseconds; <see cref="Never"/> for no expiry [MQTT-3.3.2-5].</summary>
    [Id(5)] public long ExpiresAt { get; init; } = Never;

    /// <summary>Client identifier of the publisher; null for the broker itself. No Local looks at it [MQTT-3.8.3-3].</summary>
    [Id(6)] public string? Publisher { get; init; }

    /// <summary>What a repeat of the message is recognized by; null for a message that is published once at most, or may come twice.</summary>
    [Id(7)] public MessageIdentity? Identity { get; init; }

    /// <summary>Its place in the lane by which it came; null for one that came by none. Not stored: it has no meaning once the message has been routed.</summary>
    public LaneStamp? Stamp
    {
        get => _stamp.Number == 0 ? null : _stamp;
        init => _stamp = value ?? default;
    }

    /// <summary>Its place among what its publisher has retained; null for a message that is not to be retained, or that comes to its store but once.</summary>
    [Id(9)] public RetainedOrder? Order { get; init; }

    /// <summary>Whether a filter has held it up, so that it may come behind later ones of its lane. Not stored, as its <see cref="Stamp"/> is not.</summary>
    [Id(10)] internal bool IsLate { get; init; }

    /// <summary>Whether the message has expired at <paramref name="now"/>, in Unix milliseconds.</summary>
    public bool HasExpired(long now) => ExpiresAt <= now;

    /// <summary>The interval to send with the message, whole seconds rounded up, at least 1; null when it does not expire [MQTT-3.3.2-6].</summary>
    public static uint? RemainingSeconds(long expiresAt, long now) =>
        expiresAt == Never ? null : (uint)Math.Clamp((expiresAt - now + 999) / 1000, 1, uint.MaxValue);

    /// <summary>The same message, held up by a filter.</summary>
    internal Message AsLate() => new(this)
    {
        QoS = QoS, Retain = Retain, ExpiresAt = ExpiresAt, Publisher = Publisher, Identity = Identity, Stamp = Stamp, Order = Order, IsLate = true,
    };

    /// <summary>The same bytes with another quality of service, retain flag, expiry, publisher, identity, stamp or order.</summary>
    public Message With(
        QualityOfService? qos = null, bool? retain = null, long? expiresAt = null, string? publisher = null, MessageIdentity? identity = null, LaneStamp? stamp = null,
        RetainedOrder? order = null) => new(this)
    {
        QoS = qos ?? QoS, Retain = retain ?? Retain, ExpiresAt = expiresAt ?? ExpiresAt, Publisher = publisher ?? Publisher, Identity = identity ?? Identity, Stamp = stamp ?? Stamp,
        Order = order ?? Order, IsLate = IsLate,
    };

    /// <summary>The same message, to be routed once more for another reason than that it came by a lane.</summary>
    public Message WithoutStamp() =>
        Stamp is null ? this : new(this) { QoS = QoS, Retain = Retain, ExpiresAt = ExpiresAt, Publisher = Publisher, Identity = Identity, Order = Order };
}

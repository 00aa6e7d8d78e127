using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;

namespace OrleansMqtt.Messages;

/// <summary>
/// A publish on its way through routing: a view over the bytes of a packet, of <see cref="PackedPublishes"/> or of a <see cref="Message"/>.
/// Nothing is copied for receivers that take the bytes at once; whoever must keep them asks <see cref="ToMessage"/>, which copies once for all.
/// </summary>
public ref struct PublishView
{
    private Message? _message;
    private readonly LaneStamp _stamp;

    /// <summary>Topic name, UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Encoded forwarded properties, without length prefix.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Application payload.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>When the message expires, in Unix milliseconds; <see cref="Message.Never"/> for no expiry.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>Client identifier of the publisher; null for the broker itself.</summary>
    public string? Publisher { get; init; }

    /// <summary>The publisher's quality of service.</summary>
    public QualityOfService QoS { get; init; }

    /// <summary>The publisher's RETAIN flag.</summary>
    public bool Retain { get; init; }

    /// <inheritdoc cref="Message.Order"/>
    public RetainedOrder? Order { get; init; }

    /// <summary>Its place in the lane by which it came; null for one that was read in this process.</summary>
    public LaneStamp? Stamp
    {
        readonly get => _stamp.Number == 0 ? null : _stamp;
        init => _stamp = value ?? default;
    }

    /// <inheritdoc cref="Message.IsLate"/>
    internal bool IsLate { readonly get; init; }

    /// <summary>Whether it has passed the filters of its topic.</summary>
    internal bool IsFiltered { readonly get; init; }

    /// <summary>Whether a handler publishes it: then no other handler is waited for, which may be what waits for this one.</summary>
    internal bool ByHandler { readonly get; init; }

    /// <summary>Whether <see cref="IPublishInlet"/> has brought it: then it does not go out again.</summary>
    internal bool FromOutside { readonly get; init; }

    /// <summary>Knows what else its publisher has on its way; null where that does not matter.</summary>
    internal IPublishStreams? Streams { readonly get; set; }

    /// <summary>What its publisher has on its way; null where that does not matter.</summary>
    internal readonly PublishStream? Stream => Publisher is null ? null : Streams?.StreamOf(Publisher);

    /// <summary>What a repeat is recognized by; null for a message that is published once at most, or may come twice.</summary>
    public readonly MessageIdentity? Identity => _message?.Identity;

    /// <summary>A view over an existing message.</summary>
    public PublishView(Message message)
    {
        _message = message;
        Topic = message.Topic;
        Properties = message.Properties;
        Payload = message.Payload;
        ExpiresAt = message.ExpiresAt;
        Publisher = message.Publisher;
        QoS = message.QoS;
        Retain = message.Retain;
        Stamp = message.Stamp;
        Order = message.Order;
        IsLate = message.IsLate;
    }

    /// <summary>The message that outlives the packet; made at the first call, the same one afterwards.</summary>
    public Message ToMessage() =>
        _message ??= new Message(Topic, Properties, Payload) { QoS = QoS, Retain = Retain, ExpiresAt = ExpiresAt, Publisher = Publisher, Stamp = Stamp, Order = Order };
}

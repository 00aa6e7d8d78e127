using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Packets;

/// <summary>A topic filter with its options (MQTT 5.0 section 3.8.3).</summary>
public sealed record Subscription
{
    /// <summary>The whole filter as the client wrote it, with <c>$share/…</c> if it is shared. Not empty; whether it is a valid filter is
    /// answered per filter in SUBACK, so a decoded packet may carry one that is not.</summary>
    public required string Filter { get; init; }

    /// <summary>Highest QoS at which messages are sent to the client.</summary>
    public QualityOfService MaximumQoS { get; init; }

    /// <summary>Do not send the client what it published itself; not on a shared filter [MQTT-3.8.3-4]. 5.0 only.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Keep the retain flag of forwarded messages. 5.0 only.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>When retained messages are sent. 5.0 only.</summary>
    public RetainHandling RetainHandling { get; init; }

    /// <summary>Whether messages on <paramref name="topic"/> are for this subscription; the group of a shared filter does not count.</summary>
    /// <param name="topic">A topic name.</param>
    public bool Matches(string topic)
    {
        ReadOnlySpan<byte> filter = Encoding.UTF8.GetBytes(Filter);
        if (SharedFilter.TrySplit(filter, out _, out var inner, out _)) filter = inner;
        return TopicFilter.Matches(filter, Encoding.UTF8.GetBytes(topic));
    }
}

using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// The topics whose retained message was replaced, and delivered live, while a client is being given retained messages. An older copy
/// read before must not follow: values never go back.
/// </summary>
internal sealed class LiveTopics
{
    private HashSet<byte[]>? _topics;

    /// <summary>Feeds of retained messages that are running.</summary>
    public int Feeds { get; set; }

    public void Add(ReadOnlySpan<byte> topic) => (_topics ??= new HashSet<byte[]>(ByteKeyComparer.Instance)).GetAlternateLookup<ReadOnlySpan<byte>>().Add(topic);

    public bool Contains(ReadOnlySpan<byte> topic) => _topics?.GetAlternateLookup<ReadOnlySpan<byte>>().Contains(topic) ?? false;
}

using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Gateway.Delivery;

/// <summary>
/// The topics whose retained message was replaced, and delivered live, while a client is being given retained messages. An older copy
/// read before must not follow: values never go back.
/// </summary>
internal sealed class LiveTopics
{
    private readonly HashSet<byte[]> _topics;
    private readonly HashSet<byte[]>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public LiveTopics()
    {
        _topics = new HashSet<byte[]>(ByteKeyComparer.Instance);
        _lookup = _topics.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Feeds of retained messages that are running.</summary>
    public int Feeds { get; set; }

    public void Add(ReadOnlySpan<byte> topic) => _lookup.Add(topic);

    public bool Contains(ReadOnlySpan<byte> topic) => _lookup.Contains(topic);
}

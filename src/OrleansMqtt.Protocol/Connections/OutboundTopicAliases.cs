using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// Chooses topic aliases for what a server sends on one connection, within the client's Topic Alias Maximum [MQTT-3.1.2-26].
/// The first topics get an alias each; when all are taken the oldest assignment gives way, so that a changing set of topics keeps profiting.
/// Not thread-safe.
/// </summary>
public sealed class OutboundTopicAliases
{
    private readonly Dictionary<byte[], ushort> _aliases;
    private readonly Dictionary<byte[], ushort>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly byte[]?[] _topics;
    private int _next;

    /// <summary>Creates a table for a peer that accepts aliases 1 to <paramref name="peerMaximum"/>, of which at most <paramref name="ownLimit"/> are used.</summary>
    public OutboundTopicAliases(ushort peerMaximum, ushort ownLimit)
    {
        _topics = new byte[]?[Math.Min(peerMaximum, ownLimit)];
        _aliases = new Dictionary<byte[], ushort>(ByteKeyComparer.Instance);
        _lookup = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>
    /// The alias to send with <paramref name="topic"/>: 0 for none. <paramref name="known"/> says that the peer already
    /// knows it, so that the topic itself can be left out. A caller that then does not send the packet must not have asked.
    /// </summary>
    public ushort Assign(ReadOnlySpan<byte> topic, out bool known)
    {
        known = false;
        // An alias costs three bytes and its first use repeats the topic: not worth it for the shortest ones.
        if (_topics.Length == 0 || topic.Length <= 3) return 0;
        if (_lookup.TryGetValue(topic, out var alias))
        {
            known = true;
            return alias;
        }
        var slot = _next;
        _next = (_next + 1) % _topics.Length;
        if (_topics[slot] is { } evicted) _aliases.Remove(evicted);
        var key = topic.ToArray();
        _topics[slot] = key;
        _aliases[key] = (ushort)(slot + 1);
        return (ushort)(slot + 1);
    }
}

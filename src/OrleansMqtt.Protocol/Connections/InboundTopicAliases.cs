namespace OrleansMqtt.Protocol.Connections;

/// <summary>
/// The aliases that one sender has set on one connection. They end with the connection [MQTT-3.3.2-7].
/// </summary>
public sealed class InboundTopicAliases(ushort maximum)
{
    private byte[]?[] _topics = [];

    /// <summary>Highest alias allowed.</summary>
    public ushort Maximum { get; } = maximum;

    /// <summary>Sets or replaces what <paramref name="alias"/> stands for. False when the alias is 0 or over <see cref="Maximum"/> [MQTT-3.3.2-8], [MQTT-3.3.2-9].</summary>
    public bool TrySet(ushort alias, ReadOnlySpan<byte> topic)
    {
        if (alias == 0 || alias > Maximum) return false;
        if (alias > _topics.Length) Array.Resize(ref _topics, Math.Min(Maximum, Math.Max(alias, (ushort)8)));
        if (_topics[alias - 1] is not { } known || !topic.SequenceEqual(known)) _topics[alias - 1] = topic.ToArray();
        return true;
    }

    /// <summary>The topic behind <paramref name="alias"/>; false when none was set.</summary>
    public bool TryGet(ushort alias, out ReadOnlySpan<byte> topic)
    {
        if (alias != 0 && alias <= _topics.Length && _topics[alias - 1] is { } known)
        {
            topic = known;
            return true;
        }
        topic = default;
        return false;
    }
}

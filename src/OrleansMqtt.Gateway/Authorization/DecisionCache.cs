using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Gateway.Authorization;

/// <summary>
/// What has been decided about topics, for one client. Bounded: a topic competes for two slots with the others that fall there, and long ones are not remembered. Small while there are few.
/// Finding allocates nothing. One caller at a time.
/// </summary>
internal sealed class DecisionCache
{
    /// <summary>Most topics remembered.</summary>
    internal const int Capacity = 256;

    private const int FirstSize = 4, MaximumTopicLength = 256;
    private Entry?[] _slots = new Entry?[FirstSize];
    private int _count;
    private int _version;

    private sealed record Entry(ulong Hash, int Kind, byte[] Topic, ReasonCode Decision);

    /// <summary>Topics remembered.</summary>
    public int Count => _count;

    /// <summary>What was decided; null when that is not known, or when the rules are not the same any more.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="kind">What is wanted with it.</param>
    /// <param name="version">The version of the rules.</param>
    public ReasonCode? Find(ReadOnlySpan<byte> topic, int kind, int version)
    {
        if (version != _version) return null;
        var hash = ByteKeyComparer.Hash(topic);
        var slot = SlotOf(hash, kind);
        return Matches(_slots[slot], hash, kind, topic) ?? Matches(_slots[slot ^ 1], hash, kind, topic);
    }

    /// <summary>What was allowed, as far as it is remembered. Anybody may ask at any time, and gets what stood there a moment ago.</summary>
    public IEnumerable<(byte[] Topic, int Kind)> Allowed()
    {
        foreach (var entry in Volatile.Read(ref _slots))
            if (entry is { Decision: ReasonCode.Success }) yield return (entry.Topic, entry.Kind);
    }

    /// <summary>Remembers a decision, unless it was made by rules of a version before those of another that is remembered.</summary>
    public void Set(ReadOnlySpan<byte> topic, int kind, int version, ReasonCode decision)
    {
        if (version - _version < 0 || topic.Length > MaximumTopicLength) return;
        if (version != _version)
        {
            Array.Clear(_slots);
            (_version, _count) = (version, 0);
        }
        var entry = new Entry(ByteKeyComparer.Hash(topic), kind, topic.ToArray(), decision);
        while (!TryPut(entry)) Grow();
    }

    // The free slot of the two; else the first one gives way, if the table can't be larger.
    private bool TryPut(Entry entry)
    {
        var slot = SlotOf(entry.Hash, entry.Kind);
        if (_slots[slot] is not null && _slots[slot ^ 1] is null) slot ^= 1;
        if (_slots[slot] is not null && _slots.Length < Capacity) return false;
        if (_slots[slot] is null) _count++;
        _slots[slot] = entry;
        return true;
    }

    private void Grow()
    {
        var former = _slots;
        (_slots, _count) = (new Entry?[former.Length * 2], 0);
        // Those of two slots come into the same two or into another two: there is room.
        foreach (var entry in former)
            if (entry is not null) TryPut(entry);
    }

    private int SlotOf(ulong hash, int kind) => ((int)hash + kind) & (_slots.Length - 1);

    private static ReasonCode? Matches(Entry? entry, ulong hash, int kind, ReadOnlySpan<byte> topic) =>
        entry is not null && entry.Hash == hash && entry.Kind == kind && topic.SequenceEqual(entry.Topic) ? entry.Decision : null;
}

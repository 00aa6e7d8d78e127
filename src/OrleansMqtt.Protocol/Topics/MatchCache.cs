namespace OrleansMqtt.Protocol.Topics;

/// <summary>
/// Remembers what topics led to. Reading takes no lock; the memory is bounded: a topic competes for two slots with the others that
/// fall there. An entry counts only under the version it was made at, so one increment forgets everything.
/// </summary>
/// <typeparam name="T">What a topic leads to.</typeparam>
public sealed class MatchCache<T> where T : class
{
    private readonly Entry?[] _slots;

    private sealed record Entry(ulong Hash, long Version, byte[] Topic, T Value);

    /// <summary>Creates a cache for about <paramref name="capacity"/> topics, rounded up to a power of two.</summary>
    public MatchCache(int capacity = 65_536) => _slots = new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2))];

    /// <summary>What <paramref name="topic"/> led to at <paramref name="version"/>; null when that is not known.</summary>
    public T? Find(ReadOnlySpan<byte> topic, long version)
    {
        var hash = ByteKeyComparer.Hash(topic);
        var slot = (int)hash & (_slots.Length - 1);
        return Matches(Volatile.Read(ref _slots[slot]), hash, version, topic) ?? Matches(Volatile.Read(ref _slots[slot ^ 1]), hash, version, topic);
    }

    /// <summary>Remembers <paramref name="value"/> and returns it.</summary>
    public T Set(ReadOnlySpan<byte> topic, long version, T value)
    {
        var hash = ByteKeyComparer.Hash(topic);
        var slot = (int)hash & (_slots.Length - 1);
        // The free or outdated slot of the two; else the first one gives way.
        if (_slots[slot] is { } taken && taken.Version == version && _slots[slot ^ 1]?.Version != version) slot ^= 1;
        Volatile.Write(ref _slots[slot], new Entry(hash, version, topic.ToArray(), value));
        return value;
    }

    private static T? Matches(Entry? entry, ulong hash, long version, ReadOnlySpan<byte> topic) =>
        entry is not null && entry.Hash == hash && entry.Version == version && topic.SequenceEqual(entry.Topic) ? entry.Value : null;
}

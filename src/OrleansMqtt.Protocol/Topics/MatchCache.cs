namespace OrleansMqtt.Protocol.Topics;

/// <summary>
/// Remembers what topics led to until its owner clears it. The memory is bounded: a topic competes for two slots with the others that fall
/// there, long topics are not remembered, and when all that is remembered would weigh too much, it is forgotten first.
/// </summary>
/// <remarks>
/// <see cref="Find"/> takes no lock and may run beside everything. <see cref="Set"/> and <see cref="Clear"/> come one at a time, under the
/// lock under which the owner changes what they are about: so what is found here is never older than the last change.
/// </remarks>
/// <typeparam name="T">What a topic leads to.</typeparam>
public sealed class MatchCache<T> where T : class
{
    /// <summary>The length, in bytes, of the longest topic that is remembered. Few topics are longer, and they'd make large keys.</summary>
    public const int MaximumTopicLength = 256;

    // About what an entry, its topic's array header and its slot take beside the topic's bytes.
    private const int EntryWeight = 96;

    private readonly Entry?[] _slots;
    // The slots that are taken: clearing costs no more than what was remembered since the last time, however often it happens.
    private readonly List<int> _taken = [];
    private readonly long _maximumWeight;

    private sealed record Entry(ulong Hash, byte[] Topic, T Value, long Weight);

    /// <summary>Creates a cache.</summary>
    /// <param name="capacity">About how many topics, rounded up to a power of two.</param>
    /// <param name="maximumWeight">About how many bytes in all; a single topic may lead to more.</param>
    public MatchCache(int capacity = 65_536, long maximumWeight = 64 << 20) =>
        (_slots, _maximumWeight) = (new Entry?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2))], maximumWeight);

    /// <summary>Topics remembered.</summary>
    public int Count => _taken.Count;

    /// <summary>About how many bytes all of it takes.</summary>
    public long Weight { get; private set; }

    /// <summary>What <paramref name="topic"/> led to since the last change; null when that is not known.</summary>
    public T? Find(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > MaximumTopicLength) return null;
        var hash = ByteKeyComparer.Hash(topic);
        var slot = (int)hash & (_slots.Length - 1);
        return Matches(Volatile.Read(ref _slots[slot]), hash, topic) ?? Matches(Volatile.Read(ref _slots[slot ^ 1]), hash, topic);
    }

    /// <summary>Remembers <paramref name="value"/>, unless the topic is too long, and returns it.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="value">What it leads to.</param>
    /// <param name="weight">About how many bytes the value keeps from being freed that nobody else keeps.</param>
    public T Set(ReadOnlySpan<byte> topic, T value, long weight = 0)
    {
        if (topic.Length > MaximumTopicLength) return value;
        weight += EntryWeight + topic.Length;
        if (Weight + weight > _maximumWeight) Clear();
        var hash = ByteKeyComparer.Hash(topic);
        var slot = (int)hash & (_slots.Length - 1);
        // The free slot of the two; else the first one gives way.
        if (_slots[slot] is not null && _slots[slot ^ 1] is null) slot ^= 1;
        if (_slots[slot] is { } former) Weight -= former.Weight;
        else _taken.Add(slot);
        Weight += weight;
        Volatile.Write(ref _slots[slot], new Entry(hash, topic.ToArray(), value, weight));
        return value;
    }

    /// <summary>Forgets everything: what topics lead to has changed.</summary>
    public void Clear()
    {
        foreach (var slot in _taken) Volatile.Write(ref _slots[slot], null);
        _taken.Clear();
        Weight = 0;
    }

    private static T? Matches(Entry? entry, ulong hash, ReadOnlySpan<byte> topic) =>
        entry is not null && entry.Hash == hash && topic.SequenceEqual(entry.Topic) ? entry.Value : null;
}

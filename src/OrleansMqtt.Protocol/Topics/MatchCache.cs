namespace OrleansMqtt.Protocol.Topics;

/// <summary>
/// Remembers what topics led to until its owner clears it. The memory is bounded: a topic competes for two slots with the others that fall
/// there, long topics are not remembered, and when all that is remembered would weigh too much, it is forgotten first. It grows with the
/// number of topics: where few are in use, it is small.
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

    private const int FirstSize = 1024;
    private readonly int _capacity;
    private volatile Entry?[] _slots;
    // The slots that are taken: clearing costs no more than what was remembered since the last time, however often it happens.
    private readonly List<int> _taken = [];
    private readonly long _maximumWeight;

    private sealed record Entry(ulong Hash, byte[] Topic, T Value, long Weight);

    /// <summary>Creates a cache.</summary>
    /// <param name="capacity">About how many topics at most, rounded up to a power of two.</param>
    /// <param name="maximumWeight">About how many bytes in all; a single topic may lead to more.</param>
    public MatchCache(int capacity = 1 << 20, long maximumWeight = 64 << 20)
    {
        _capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2));
        _slots = new Entry?[Math.Min(_capacity, FirstSize)];
        _maximumWeight = maximumWeight;
    }

    /// <summary>Topics remembered.</summary>
    public int Count => _taken.Count;

    /// <summary>About how many bytes all of it takes.</summary>
    public long Weight { get; private set; }

    /// <summary>What <paramref name="topic"/> led to since the last change; null when that is not known.</summary>
    public T? Find(ReadOnlySpan<byte> topic)
    {
        if (topic.Length > MaximumTopicLength) return null;
        var hash = ByteKeyComparer.Hash(topic);
        var slots = _slots;
        var slot = (int)hash & (slots.Length - 1);
        return Matches(Volatile.Read(ref slots[slot]), hash, topic) ?? Matches(Volatile.Read(ref slots[slot ^ 1]), hash, topic);
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
        if (_taken.Count > _slots.Length / 2 && _slots.Length < _capacity) Grow();
        Put(_slots, new Entry(ByteKeyComparer.Hash(topic), topic.ToArray(), value, weight));
        return value;
    }

    /// <summary>Forgets everything: what topics lead to has changed.</summary>
    public void Clear()
    {
        var slots = _slots;
        foreach (var slot in _taken) Volatile.Write(ref slots[slot], null);
        _taken.Clear();
        Weight = 0;
    }

    private void Put(Entry?[] slots, Entry entry)
    {
        var slot = (int)entry.Hash & (slots.Length - 1);
        // The free slot of the two; else the first one gives way.
        if (slots[slot] is not null && slots[slot ^ 1] is null) slot ^= 1;
        if (slots[slot] is { } former) Weight -= former.Weight;
        else _taken.Add(slot);
        Weight += entry.Weight;
        Volatile.Write(ref slots[slot], entry);
    }

    // Fourfold, so that it happens seldom. Those who still look into the former table find nothing wrong there: it is emptied too.
    private void Grow()
    {
        var former = _slots;
        int[] taken = [.. _taken];
        var slots = new Entry?[Math.Min(former.Length * 4, _capacity)];
        (Weight, _slots) = (0, slots);
        _taken.Clear();
        foreach (var slot in taken)
        {
            Put(slots, former[slot]!);
            Volatile.Write(ref former[slot], null);
        }
    }

    private static T? Matches(Entry? entry, ulong hash, ReadOnlySpan<byte> topic) =>
        entry is not null && entry.Hash == hash && topic.SequenceEqual(entry.Topic) ? entry.Value : null;
}

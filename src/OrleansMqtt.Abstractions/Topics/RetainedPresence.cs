namespace OrleansMqtt.Topics;

/// <summary>
/// Which first levels of topics a partition may hold retained messages under, as 256 bits by hash. A filter that cannot match anything
/// there is not looked up: most subscriptions of most systems meet no retained message at all.
/// </summary>
[GenerateSerializer, Immutable, Alias("OrleansMqtt.RetainedPresence")]
public readonly record struct RetainedPresence
{
    [Id(0)] private readonly ulong _a;
    [Id(1)] private readonly ulong _b;
    [Id(2)] private readonly ulong _c;
    [Id(3)] private readonly ulong _d;

    /// <summary>Number of bits.</summary>
    public const int Bits = 256;

    private RetainedPresence(ulong a, ulong b, ulong c, ulong d, bool any) => (_a, _b, _c, _d, HasUndollared) = (a, b, c, d, any);

    /// <summary>Whether there is a topic that does not begin with `$`, which is what a leading wildcard matches [MQTT-4.7.2-1].</summary>
    [Id(4)] public bool HasUndollared { get; private init; }

    /// <summary>The presence of topics counted by <see cref="BitOf"/>.</summary>
    /// <param name="counts">Topics per bit, <see cref="Bits"/> of them.</param>
    /// <param name="undollared">Topics that do not begin with `$`.</param>
    public static RetainedPresence Of(ReadOnlySpan<int> counts, int undollared)
    {
        Span<ulong> words = stackalloc ulong[4];
        for (var i = 0; i < Bits; i++)
            if (counts[i] > 0) words[i >> 6] |= 1ul << (i & 63);
        return new RetainedPresence(words[0], words[1], words[2], words[3], undollared > 0);
    }

    /// <summary>The bit, 0 to 255, of a topic's or filter's first level.</summary>
    public static int BitOf(ReadOnlySpan<byte> topic)
    {
        var end = topic.IndexOf((byte)'/');
        var hash = 14695981039346656037ul;
        foreach (var b in end < 0 ? topic : topic[..end]) hash = (hash ^ b) * 1099511628211ul;
        return (int)((hash ^ (hash >> 32)) & (Bits - 1));
    }

    /// <summary>What this and another partition may hold together.</summary>
    public RetainedPresence With(RetainedPresence other) =>
        new(_a | other._a, _b | other._b, _c | other._c, _d | other._d, HasUndollared || other.HasUndollared);

    /// <summary>Whether <paramref name="filter"/> may match a topic there. Never false where one matches.</summary>
    public bool MayMatch(ReadOnlySpan<byte> filter)
    {
        if (!filter.IsEmpty && filter[0] is (byte)'#' or (byte)'+') return HasUndollared;
        var bit = BitOf(filter);
        var word = (bit >> 6) switch { 0 => _a, 1 => _b, 2 => _c, _ => _d };
        return (word >> (bit & 63) & 1) != 0;
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>The codecs of sets and dictionaries.</summary>
internal static class KeyedCodecs
{
    public static Codec ImmutableHashSet<T>(Codec<T> element) =>
        Set<ImmutableHashSet<T>, T>(element, set => set.KeyComparer, items => [.. items]);

    public static Codec ImmutableSortedSet<T>(Codec<T> element) =>
        new KeyedCodec<ImmutableSortedSet<T>, T>(element, set => set.KeyComparer, [Comparer<T>.Default], items => [.. items]);

    public static Codec HashSet<T>(Codec<T> element) => Set<HashSet<T>, T>(element, set => set.Comparer, items => [.. items]);

    public static Codec FrozenSet<T>(Codec<T> element) => Set<FrozenSet<T>, T>(element, set => set.Comparer, items => items.ToFrozenSet());

    /// <summary>Arrives as a <see cref="HashSet{T}"/>.</summary>
    public static Codec ReadOnlySet<T>(Codec<T> element) => Set<IReadOnlySet<T>, T>(element, ComparerOf, items => new HashSet<T>(items));

    public static Codec ImmutableDictionary<TKey, TValue>(Codec<KeyValuePair<TKey, TValue>> pair)
        where TKey : notnull =>
        Dictionary<ImmutableDictionary<TKey, TValue>, TKey, TValue>(pair, map => map.KeyComparer, items => items.ToImmutableDictionary());

    public static Codec ImmutableSortedDictionary<TKey, TValue>(Codec<KeyValuePair<TKey, TValue>> pair)
        where TKey : notnull =>
        new KeyedCodec<ImmutableSortedDictionary<TKey, TValue>, KeyValuePair<TKey, TValue>>(
            pair, map => map.KeyComparer, [Comparer<TKey>.Default], items => items.ToImmutableSortedDictionary());

    public static Codec Dictionary<TKey, TValue>(Codec<KeyValuePair<TKey, TValue>> pair)
        where TKey : notnull =>
        Dictionary<Dictionary<TKey, TValue>, TKey, TValue>(pair, map => map.Comparer, items => new(items));

    public static Codec FrozenDictionary<TKey, TValue>(Codec<KeyValuePair<TKey, TValue>> pair)
        where TKey : notnull =>
        Dictionary<FrozenDictionary<TKey, TValue>, TKey, TValue>(pair, map => map.Comparer, items => items.ToFrozenDictionary());

    /// <summary>Arrives as a <see cref="Dictionary{TKey, TValue}"/>.</summary>
    public static Codec ReadOnlyDictionary<TKey, TValue>(Codec<KeyValuePair<TKey, TValue>> pair)
        where TKey : notnull =>
        Dictionary<IReadOnlyDictionary<TKey, TValue>, TKey, TValue>(pair, ComparerOf<TKey, TValue>, items => new Dictionary<TKey, TValue>(items));

    private static KeyedCodec<TSet, T> Set<TSet, T>(Codec<T> element, Func<TSet, object?> comparer, Func<T[], TSet> build)
        where TSet : class, IEnumerable<T> =>
        new(element, comparer, Usual<T>(), build);

    private static KeyedCodec<TMap, KeyValuePair<TKey, TValue>> Dictionary<TMap, TKey, TValue>(
        Codec<KeyValuePair<TKey, TValue>> pair, Func<TMap, object?> comparer, Func<KeyValuePair<TKey, TValue>[], TMap> build)
        where TMap : class, IEnumerable<KeyValuePair<TKey, TValue>> =>
        new(pair, comparer, Usual<TKey>(), build);

    // Texts are equal by their ordinal comparison anyway.
    private static object[] Usual<T>() =>
        typeof(T) == typeof(string) ? [EqualityComparer<T>.Default, StringComparer.Ordinal] : [EqualityComparer<T>.Default];

    private static object? ComparerOf<T>(IReadOnlySet<T> set) => set switch
    {
        HashSet<T> hash => hash.Comparer,
        ImmutableHashSet<T> hash => hash.KeyComparer,
        FrozenSet<T> frozen => frozen.Comparer,
        _ => null,
    };

    private static object? ComparerOf<TKey, TValue>(IReadOnlyDictionary<TKey, TValue> map)
        where TKey : notnull => map switch
    {
        Dictionary<TKey, TValue> dictionary => dictionary.Comparer,
        ImmutableDictionary<TKey, TValue> dictionary => dictionary.KeyComparer,
        FrozenDictionary<TKey, TValue> frozen => frozen.Comparer,
        _ => null,
    };
}

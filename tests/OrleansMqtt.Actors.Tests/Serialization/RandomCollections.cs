using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansMqtt.Actors.Tests.Serialization;

/// <summary>A collection of given elements, by the name of its type.</summary>
internal static class RandomCollections
{
    public static ImmutableArray<T> ImmutableArray<T>(T[] items) => [.. items];

    public static List<T> List<T>(T[] items) => [.. items];

    public static IReadOnlyList<T> IReadOnlyList<T>(T[] items) => items.Length % 2 == 0 ? items : [.. items.ToList()];

    public static IReadOnlyCollection<T> IReadOnlyCollection<T>(T[] items) => System.Collections.Immutable.ImmutableList.Create(items);

    public static ImmutableList<T> ImmutableList<T>(T[] items) => [.. items];

    public static ImmutableQueue<T> ImmutableQueue<T>(T[] items) => [.. items];

    public static ImmutableStack<T> ImmutableStack<T>(T[] items) => [.. items];

    public static ImmutableHashSet<T> ImmutableHashSet<T>(T[] items) => [.. Keys(items)];

    public static ImmutableSortedSet<T> ImmutableSortedSet<T>(T[] items) => [.. Keys(items)];

    public static HashSet<T> HashSet<T>(T[] items) => [.. Keys(items)];

    public static FrozenSet<T> FrozenSet<T>(T[] items) => Keys(items).ToFrozenSet();

    public static IReadOnlySet<T> IReadOnlySet<T>(T[] items) => Keys(items).ToHashSet();

    public static ImmutableDictionary<TKey, T> ImmutableDictionary<TKey, T>(KeyValuePair<TKey, T>[] items)
        where TKey : notnull => Pairs(items).ToImmutableDictionary();

    public static ImmutableSortedDictionary<TKey, T> ImmutableSortedDictionary<TKey, T>(KeyValuePair<TKey, T>[] items)
        where TKey : notnull => Pairs(items).ToImmutableSortedDictionary();

    public static Dictionary<TKey, T> Dictionary<TKey, T>(KeyValuePair<TKey, T>[] items)
        where TKey : notnull => new(Pairs(items));

    public static FrozenDictionary<TKey, T> FrozenDictionary<TKey, T>(KeyValuePair<TKey, T>[] items)
        where TKey : notnull => Pairs(items).ToFrozenDictionary();

    public static IReadOnlyDictionary<TKey, T> IReadOnlyDictionary<TKey, T>(KeyValuePair<TKey, T>[] items)
        where TKey : notnull => new Dictionary<TKey, T>(Pairs(items));

    private static IEnumerable<T> Keys<T>(T[] items) => items.Where(item => item is not null);

    private static IEnumerable<KeyValuePair<TKey, T>> Pairs<TKey, T>(KeyValuePair<TKey, T>[] items) =>
        items.Where(item => item.Key is not null).DistinctBy(item => item.Key);
}

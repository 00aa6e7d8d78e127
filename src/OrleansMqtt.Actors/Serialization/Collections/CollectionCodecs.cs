using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>Which collections can be sent.</summary>
internal static class CollectionCodecs
{
    private static readonly FrozenDictionary<Type, Type> Sequences = new Dictionary<Type, Type>
    {
        [typeof(ImmutableArray<>)] = typeof(ImmutableArrayCodec<>),
        [typeof(ReadOnlyMemory<>)] = typeof(ReadOnlyMemoryCodec<>),
        [typeof(List<>)] = typeof(ListCodec<>),
        [typeof(IReadOnlyList<>)] = typeof(ReadOnlyListCodec<,>),
        [typeof(IReadOnlyCollection<>)] = typeof(ReadOnlyListCodec<,>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListCodec<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueCodec<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackCodec<>),
    }.ToFrozenDictionary();

    // Values: the function of KeyedCodecs.
    private static readonly FrozenDictionary<Type, string> Keyed = new Dictionary<Type, string>
    {
        [typeof(ImmutableHashSet<>)] = nameof(KeyedCodecs.ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = nameof(KeyedCodecs.ImmutableSortedSet),
        [typeof(HashSet<>)] = nameof(KeyedCodecs.HashSet),
        [typeof(FrozenSet<>)] = nameof(KeyedCodecs.FrozenSet),
        [typeof(IReadOnlySet<>)] = nameof(KeyedCodecs.ReadOnlySet),
        [typeof(ImmutableDictionary<,>)] = nameof(KeyedCodecs.ImmutableDictionary),
        [typeof(ImmutableSortedDictionary<,>)] = nameof(KeyedCodecs.ImmutableSortedDictionary),
        [typeof(Dictionary<,>)] = nameof(KeyedCodecs.Dictionary),
        [typeof(FrozenDictionary<,>)] = nameof(KeyedCodecs.FrozenDictionary),
        [typeof(IReadOnlyDictionary<,>)] = nameof(KeyedCodecs.ReadOnlyDictionary),
    }.ToFrozenDictionary();

    /// <summary>The type of a collection's elements, pairs for a dictionary; null if the type is no collection that can be sent.</summary>
    public static Type? ElementOf(Type type)
    {
        if (type.IsSZArray)
        {
            return type.GetElementType();
        }

        if (!type.IsGenericType || type.GetGenericTypeDefinition() is not { } open || !(Sequences.ContainsKey(open) || Keyed.ContainsKey(open)))
        {
            return null;
        }

        var arguments = type.GetGenericArguments();
        return arguments.Length == 1 ? arguments[0] : typeof(KeyValuePair<,>).MakeGenericType(arguments);
    }

    /// <summary>The codec of a collection type whose elements have the codec <paramref name="element"/>.</summary>
    public static Codec Create(Type type, Codec element)
    {
        if (type.IsSZArray)
        {
            return Instance(typeof(ArrayCodec<>).MakeGenericType(type.GetElementType()!), element);
        }

        var open = type.GetGenericTypeDefinition();
        var arguments = type.GetGenericArguments();
        if (Sequences.TryGetValue(open, out var codec))
        {
            return Instance(codec == typeof(ReadOnlyListCodec<,>) ? codec.MakeGenericType(type, arguments[0]) : codec.MakeGenericType(arguments), element);
        }

        var factory = typeof(KeyedCodecs).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Single(method => method.Name == Keyed[open] && method.GetGenericArguments().Length == arguments.Length);
        return (Codec)factory.MakeGenericMethod(arguments).Invoke(null, [element])!;
    }

    private static Codec Instance(Type codec, Codec element) => (Codec)Activator.CreateInstance(codec, element)!;
}

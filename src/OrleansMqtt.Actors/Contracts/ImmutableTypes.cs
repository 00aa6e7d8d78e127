using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Contracts;

/// <summary>Which types nobody can change, or promise not to.</summary>
internal static class ImmutableTypes
{
    private static readonly FrozenSet<Type> Known = new[]
    {
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly),
        typeof(TimeOnly), typeof(Int128), typeof(UInt128), typeof(Half), typeof(Uri), typeof(Version), typeof(CancellationToken),
    }.ToFrozenSet();

    // Immutable when their type arguments are.
    private static readonly FrozenSet<Type> KnownGeneric = new[]
    {
        typeof(ReadOnlyMemory<>), typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableQueue<>),
        typeof(ImmutableStack<>), typeof(KeyValuePair<,>), typeof(Nullable<>),
    }.ToFrozenSet();

    public static bool Contains(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || Known.Contains(type)
        || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type))
        || type.IsDefined(typeof(ImmutableAttribute), inherit: false)
        || (type.IsGenericType && IsComposite(type) && type.GetGenericArguments().All(Contains));

    private static bool IsComposite(Type type) =>
        KnownGeneric.Contains(type.GetGenericTypeDefinition()) || typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type);
}

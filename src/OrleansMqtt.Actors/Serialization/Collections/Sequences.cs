using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OrleansMqtt.Actors.Serialization;

internal sealed class ArrayCodec<T>(Codec<T> element) : SequenceCodec<T[]?, T>(element)
{
    protected override ReadOnlySpan<T> Elements(T[]? value) => value;

    protected override T[] Build(T[] elements) => elements;
}

/// <summary>The array that is <c>default</c> is an empty object, since null is what a missing one behind <c>?</c> is.</summary>
internal sealed class ImmutableArrayCodec<T>(Codec<T> element) : SequenceCodec<ImmutableArray<T>, T>(element)
{
    protected override ReadOnlySpan<T> Elements(ImmutableArray<T> value) => value.AsSpan();

    protected override ImmutableArray<T> Build(T[] elements) => ImmutableCollectionsMarshal.AsImmutableArray(elements);

    protected override bool IsNull(ImmutableArray<T> value) => value.IsDefault;

    protected override void WriteNull(ref WireWriter writer, uint skipped)
    {
        writer.BeginObject(skipped);
        writer.EndObject();
    }

    protected override bool TryReadNull(ref WireReader reader, WireType wire, [MaybeNullWhen(false)] out ImmutableArray<T> nothing)
    {
        nothing = default;
        if (wire != WireType.Object)
        {
            return wire == WireType.Null;
        }

        reader.BeginObject(wire);
        reader.SkipFields();
        return true;
    }
}

internal sealed class ReadOnlyMemoryCodec<T>(Codec<T> element) : SequenceCodec<ReadOnlyMemory<T>, T>(element)
{
    protected override ReadOnlySpan<T> Elements(ReadOnlyMemory<T> value) => value.Span;

    protected override ReadOnlyMemory<T> Build(T[] elements) => elements;
}

internal sealed class ListCodec<T>(Codec<T> element) : SequenceCodec<List<T>?, T>(element)
{
    protected override ReadOnlySpan<T> Elements(List<T>? value) => CollectionsMarshal.AsSpan(value);

    protected override List<T> Build(T[] elements) => [.. elements];
}

/// <summary>What a member of the type <see cref="IReadOnlyList{T}"/> or <see cref="IReadOnlyCollection{T}"/> holds arrives as an array.</summary>
internal sealed class ReadOnlyListCodec<TCollection, T>(Codec<T> element) : SequenceCodec<TCollection?, T>(element)
    where TCollection : class, IEnumerable<T>
{
    protected override ReadOnlySpan<T> Elements(TCollection? value) => value switch
    {
        T[] array => array,
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => value!.ToArray(),
    };

    protected override TCollection Build(T[] elements) => (TCollection)(object)elements;
}

internal sealed class ImmutableListCodec<T>(Codec<T> element) : SequenceCodec<ImmutableList<T>?, T>(element)
{
    protected override ReadOnlySpan<T> Elements(ImmutableList<T>? value) => value!.ToArray();

    protected override ImmutableList<T> Build(T[] elements) => [.. elements];
}

internal sealed class ImmutableQueueCodec<T>(Codec<T> element) : SequenceCodec<ImmutableQueue<T>?, T>(element)
{
    protected override ReadOnlySpan<T> Elements(ImmutableQueue<T>? value) => value!.ToArray();

    protected override ImmutableQueue<T> Build(T[] elements) => ImmutableQueue.Create(elements);
}

/// <summary>The lowest element comes first.</summary>
internal sealed class ImmutableStackCodec<T>(Codec<T> element) : SequenceCodec<ImmutableStack<T>?, T>(element)
{
    protected override ReadOnlySpan<T> Elements(ImmutableStack<T>? value)
    {
        var elements = value!.ToArray();
        Array.Reverse(elements);
        return elements;
    }

    protected override ImmutableStack<T> Build(T[] elements) => ImmutableStack.Create(elements);
}

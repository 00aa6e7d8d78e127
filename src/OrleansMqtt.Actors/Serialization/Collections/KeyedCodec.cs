namespace OrleansMqtt.Actors.Serialization;

/// <summary>
/// A collection that compares its elements or keys. Comparers are not sent: one other than the usual is refused, since the collection would
/// be another one on arrival.
/// </summary>
internal sealed class KeyedCodec<TCollection, T>(
    Codec<T> element, Func<TCollection, object?> comparer, object[] usualComparers, Func<T[], TCollection> build) : SequenceCodec<TCollection?, T>(element)
    where TCollection : class, IEnumerable<T>
{
    protected override ReadOnlySpan<T> Elements(TCollection? value) =>
        comparer(value!) is not { } used || Array.IndexOf(usualComparers, used) >= 0
            ? value!.ToArray()
            : throw new InvalidOperationException(
                $"A {value!.GetType().Name} with the comparer {used} cannot be sent to another process, which would not know the comparer.");

    protected override TCollection Build(T[] elements)
    {
        try
        {
            return build(elements);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A null key, or one whose own comparison fails.
            throw new WireFormatException($"What was read makes no {typeof(TCollection).Name}.", exception);
        }
    }
}

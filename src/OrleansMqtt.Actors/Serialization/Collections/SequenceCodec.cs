using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>A collection: a <see cref="WireType.Sequence"/> of its elements.</summary>
internal abstract class SequenceCodec<TCollection, T>(Codec<T> element) : Codec<TCollection>
{
    // Room is made at once for what the bytes that are left may well hold; a count that claims more has to bring it.
    private const int RoomPerByte = 8;
    private const int LeastRoom = 16;

    public sealed override void Write(ref WireWriter writer, uint skipped, TCollection value)
    {
        if (IsNull(value))
        {
            WriteNull(ref writer, skipped);
            return;
        }

        var elements = Elements(value);
        writer.BeginSequence(skipped, elements.Length);
        foreach (var item in elements)
        {
            element.Write(ref writer, 0, item);
        }

        writer.EndSequence();
    }

    public sealed override TCollection Read(ref WireReader reader, WireType wire)
    {
        if (TryReadNull(ref reader, wire, out var nothing))
        {
            return nothing;
        }

        var count = reader.BeginSequence(wire);
        var room = Math.Max(LeastRoom, (long)reader.Left * RoomPerByte / Unsafe.SizeOf<T>());
        var elements = count == 0 ? [] : new T[Math.Min(count, room)];
        for (var i = 0; i < count; i++)
        {
            if (i == elements.Length)
            {
                Array.Resize(ref elements, (int)Math.Min(count, i * 2L));
            }

            elements[i] = element.Read(ref reader, reader.Value());
        }

        reader.Leave();
        return Build(elements);
    }

    /// <summary>The elements in the order in which <see cref="Build"/> wants them.</summary>
    protected abstract ReadOnlySpan<T> Elements(TCollection value);

    /// <summary>The collection of these elements; the array is its own from now on.</summary>
    protected abstract TCollection Build(T[] elements);

    protected virtual bool IsNull(TCollection value) => value is null;

    protected virtual void WriteNull(ref WireWriter writer, uint skipped) => writer.Null(skipped);

    protected virtual bool TryReadNull(ref WireReader reader, WireType wire, [MaybeNullWhen(false)] out TCollection nothing)
    {
        nothing = default;
        return wire == WireType.Null && nothing is null;
    }
}

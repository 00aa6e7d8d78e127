using Orleans;
using Orleans.Runtime;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>The codec of a grain or observer interface.</summary>
internal sealed class ReferenceCodec<T>(IWireReferences references, Codec<WireReference> description) : Codec<T?>
    where T : class, IAddressable
{
    public override void Write(ref WireWriter writer, uint skipped, T? value)
    {
        if (value is null)
        {
            writer.Null(skipped);
            return;
        }

        var reference = value as GrainReference ?? throw new InvalidOperationException(
            $"{TypeNames.Of(value.GetType())} is sent as {TypeNames.Of(typeof(T))}, but it is the object itself: a grain sends AsReference, "
            + "an observer what CreateObjectReference returns.");
        description.Write(ref writer, skipped, references.Describe(reference));
    }

    public override T? Read(ref WireReader reader, WireType wire)
    {
        if (wire == WireType.Null)
        {
            return null;
        }

        var described = description.Read(ref reader, wire);
        if (described.GrainId.Type.IsDefault || described.GrainId.Key.IsDefault)
        {
            WireFormatException.Throw("A reference to nobody.");
        }

        return references.Resolve(typeof(T), described) as T
            ?? throw new WireFormatException($"\"{described.GrainId}\" is no {TypeNames.Of(typeof(T))}.");
    }
}

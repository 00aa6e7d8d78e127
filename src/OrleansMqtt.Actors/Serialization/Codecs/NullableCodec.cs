namespace OrleansMqtt.Actors.Serialization;

internal sealed class NullableCodec<T>(Codec<T> inner) : Codec<T?>
    where T : struct
{
    public override void Write(ref WireWriter writer, uint skipped, T? value)
    {
        if (value is { } present)
        {
            inner.Write(ref writer, skipped, present);
        }
        else
        {
            writer.Null(skipped);
        }
    }

    public override T? Read(ref WireReader reader, WireType wire) => wire == WireType.Null ? null : inner.Read(ref reader, wire);
}

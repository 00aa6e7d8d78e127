using System.Reflection;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>How a value looks that is no composite: two functions, so that compiled code can call them directly.</summary>
internal interface IWireFormat<T>
{
    static abstract void Write(ref WireWriter writer, uint skipped, T value);

    static abstract T Read(ref WireReader reader, WireType wire);
}

/// <summary>The codec of a format.</summary>
internal sealed class FormatCodec<T, TFormat> : Codec<T>
    where TFormat : IWireFormat<T>
{
    public override MethodInfo DirectWrite => typeof(TFormat).GetMethod(nameof(IWireFormat<>.Write))!;

    public override MethodInfo DirectRead => typeof(TFormat).GetMethod(nameof(IWireFormat<>.Read))!;

    public override void Write(ref WireWriter writer, uint skipped, T value) => TFormat.Write(ref writer, skipped, value);

    public override T Read(ref WireReader reader, WireType wire) => TFormat.Read(ref reader, wire);
}

using OrleansMqtt.Actors.Calls;

namespace OrleansMqtt.Actors.Serialization;

/// <summary>A token cannot be sent; one that never fires arrives.</summary>
internal readonly struct CancellationTokenFormat : IWireFormat<CancellationToken>
{
    public static void Write(ref WireWriter writer, uint skipped, CancellationToken value) => writer.Null(skipped);

    public static CancellationToken Read(ref WireReader reader, WireType wire)
    {
        reader.Skip(wire);
        return CancellationToken.None;
    }
}

/// <summary>The result of a method that has none.</summary>
internal readonly struct VoidResultFormat : IWireFormat<VoidResult>
{
    public static void Write(ref WireWriter writer, uint skipped, VoidResult value) => writer.Null(skipped);

    public static VoidResult Read(ref WireReader reader, WireType wire)
    {
        reader.Skip(wire);
        return default;
    }
}

using OrleansMqtt.Sessions;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of an <see cref="InboundMessage"/>.</summary>
/// <remarks>version, packet identifier (varint), length of the message (4 bytes), message (<see cref="MessageFormat"/>).</remarks>
internal static class InboundMessageFormat
{
    private const byte Version = 1;

    /// <summary>The stored form.</summary>
    public static ReadOnlyMemory<byte> Encode(InboundMessage inbound)
    {
        var writer = new FormatWriter(MessageFormat.Capacity(inbound.Message) + 8);
        writer.Byte(Version);
        writer.Varint(inbound.PacketId);
        var message = writer.BeginNested();
        MessageFormat.Write(ref writer, inbound.Message);
        writer.EndNested(message);
        return writer.Written;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a version that this one does not know.</exception>
    public static InboundMessage Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FormatReader(bytes);
        reader.Version(Version);
        return new InboundMessage((ushort)reader.Varint(ushort.MaxValue), MessageFormat.Decode(reader.Nested()));
    }
}

using OrleansMqtt.Deadlines;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of a <see cref="Deadline"/>.</summary>
/// <remarks>version, kind, due time (8 bytes), epoch (8 bytes), client identifier (text).</remarks>
internal static class DeadlineFormat
{
    private const byte Version = 1;

    /// <summary>The stored form.</summary>
    public static ReadOnlyMemory<byte> Encode(Deadline deadline)
    {
        var writer = new FormatWriter(deadline.ClientId.Length + 24);
        writer.Byte(Version);
        writer.Byte((byte)deadline.Kind);
        writer.Int64(deadline.Due);
        writer.Int64(deadline.Epoch);
        writer.Text(deadline.ClientId);
        return writer.Written;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a version that this one does not know.</exception>
    public static Deadline Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FormatReader(bytes);
        reader.Version(Version);
        var kind = (DeadlineKind)reader.Varint((uint)DeadlineKind.SessionExpiry);
        long due = reader.Int64(), epoch = reader.Int64();
        return new Deadline(reader.Text(), kind, due, epoch);
    }
}

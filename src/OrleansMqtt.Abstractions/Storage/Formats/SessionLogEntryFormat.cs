using System.Collections.Immutable;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Routing;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of a <see cref="SessionLogEntry"/>.</summary>
/// <remarks>
/// version, flags, position (varint), [subscription identifiers: count, each a varint], [group: name (text), filter (text), ordered (byte)],
/// length of the message (4 bytes), message (<see cref="MessageFormat"/>).
/// </remarks>
internal static class SessionLogEntryFormat
{
    private const byte Version = 1;
    private const byte QoSBits = 0b11, RetainFlag = 1 << 2, IdentifiersFlag = 1 << 3, GroupFlag = 1 << 4;

    /// <summary>The stored form.</summary>
    public static ReadOnlyMemory<byte> Encode(SessionLogEntry entry)
    {
        var (identifiers, group) = (entry.SubscriptionIdentifiers, entry.Group);
        var writer = new FormatWriter(MessageFormat.Capacity(entry.Message) + 16 + identifiers.Length * 5 + (group is null ? 0 : group.Group.Length + group.Filter.Length + 8));
        writer.Byte(Version);
        writer.Byte((byte)((int)entry.QoS | (entry.Retain ? RetainFlag : 0) | (identifiers.IsEmpty ? 0 : IdentifiersFlag) | (group is null ? 0 : GroupFlag)));
        writer.Varint((ulong)entry.Sequence);
        if (!identifiers.IsEmpty)
        {
            writer.Varint((uint)identifiers.Length);
            foreach (var identifier in identifiers) writer.Varint(identifier);
        }
        if (group is not null)
        {
            writer.Text(group.Group);
            writer.Text(group.Filter);
            writer.Byte(group.Ordered ? (byte)1 : (byte)0);
        }
        var message = writer.BeginNested();
        MessageFormat.Write(ref writer, entry.Message);
        writer.EndNested(message);
        return writer.Written;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a version that this one does not know.</exception>
    public static SessionLogEntry Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FormatReader(bytes);
        reader.Version(Version);
        var flags = reader.Byte();
        var qos = flags & QoSBits;
        if (qos > (int)QualityOfService.ExactlyOnce) throw new InvalidDataException("Quality of service 3.");
        var position = (long)reader.Varint();
        var identifiers = (flags & IdentifiersFlag) != 0 ? ReadIdentifiers(ref reader) : [];
        var group = (flags & GroupFlag) != 0 ? new SharedGroupKey(reader.Text(), reader.Text(), reader.Byte() != 0) : null;
        return new SessionLogEntry
        {
            Sequence = position, QoS = (QualityOfService)qos, Retain = (flags & RetainFlag) != 0, SubscriptionIdentifiers = identifiers, Group = group,
            Message = MessageFormat.Decode(reader.Nested()),
        };
    }

    private static ImmutableArray<uint> ReadIdentifiers(ref FormatReader reader)
    {
        var identifiers = ImmutableArray.CreateBuilder<uint>(reader.Length());
        while (identifiers.Count < identifiers.Capacity) identifiers.Add(reader.Varint(uint.MaxValue));
        return identifiers.MoveToImmutable();
    }
}

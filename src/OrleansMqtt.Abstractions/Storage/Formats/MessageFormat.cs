using OrleansMqtt.Messages;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Storage.Formats;

/// <summary>The stored form of a <see cref="Message"/>. Topic, properties and payload stay the bytes that the publisher sent.</summary>
/// <remarks>
/// version, flags, lengths of topic, properties and payload (varints), [expiry (8 bytes)], [publisher (text)],
/// [identity: source (text), number and floor (epoch and count, varints)], [order: epoch and count (varints)], topic, properties, payload.
/// </remarks>
internal static class MessageFormat
{
    private const byte Version = 1;
    private const byte QoSBits = 0b11, RetainFlag = 1 << 2, ExpiryFlag = 1 << 3, PublisherFlag = 1 << 4, IdentityFlag = 1 << 5, OrderFlag = 1 << 6;

    /// <summary>The stored form.</summary>
    public static ReadOnlyMemory<byte> Encode(Message message)
    {
        var writer = new FormatWriter(Capacity(message));
        Write(ref writer, message);
        return writer.Written;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a version that this one does not know.</exception>
    public static Message Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new FormatReader(bytes);
        reader.Version(Version);
        var flags = reader.Byte();
        var qos = flags & QoSBits;
        if (qos > (int)QualityOfService.ExactlyOnce) throw new InvalidDataException("Quality of service 3.");
        int topic = (int)reader.Varint(ushort.MaxValue), properties = reader.Length(), payload = reader.Length();
        var expiresAt = (flags & ExpiryFlag) != 0 ? reader.Int64() : Message.Never;
        var publisher = (flags & PublisherFlag) != 0 ? reader.Text() : null;
        var identity = (flags & IdentityFlag) != 0 ? new MessageIdentity(reader.Text(), ReadNumber(ref reader), ReadNumber(ref reader)) : null;
        var order = (flags & OrderFlag) != 0 ? new RetainedOrder(ReadNumber(ref reader)) : null;
        return new Message(reader.Bytes(topic), reader.Bytes(properties), reader.Bytes(payload))
        {
            QoS = (QualityOfService)qos, Retain = (flags & RetainFlag) != 0, ExpiresAt = expiresAt, Publisher = publisher, Identity = identity, Order = order,
        };
    }

    /// <summary>Bytes that the stored form is likely to need at most.</summary>
    public static int Capacity(Message message) => message.Size + (message.Publisher?.Length ?? 0) + (message.Identity?.Source.Length ?? 0) + 80;

    public static void Write(ref FormatWriter writer, Message message)
    {
        var expires = message.ExpiresAt != Message.Never;
        writer.Byte(Version);
        writer.Byte((byte)((int)message.QoS | (message.Retain ? RetainFlag : 0) | (expires ? ExpiryFlag : 0)
            | (message.Publisher is null ? 0 : PublisherFlag) | (message.Identity is null ? 0 : IdentityFlag) | (message.Order is null ? 0 : OrderFlag)));
        writer.Varint((uint)message.Topic.Length);
        writer.Varint((uint)message.Properties.Length);
        writer.Varint((uint)message.Payload.Length);
        if (expires) writer.Int64(message.ExpiresAt);
        if (message.Publisher is { } publisher) writer.Text(publisher);
        if (message.Identity is { } identity)
        {
            writer.Text(identity.Source);
            WriteNumber(ref writer, identity.Number);
            WriteNumber(ref writer, identity.Floor);
        }
        if (message.Order is { } order) WriteNumber(ref writer, order.Number);
        writer.Bytes(message.Topic);
        writer.Bytes(message.Properties);
        writer.Bytes(message.Payload);
    }

    private static void WriteNumber(ref FormatWriter writer, MessageNumber number)
    {
        writer.Varint((ulong)number.Epoch);
        writer.Varint((ulong)number.Count);
    }

    private static MessageNumber ReadNumber(ref FormatReader reader) => new((long)reader.Varint(), (long)reader.Varint());
}

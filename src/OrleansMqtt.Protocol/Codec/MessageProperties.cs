using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>Reads single properties out of the encoded property section of a message. Each getter searches the section; a property that
/// is missing, or stands after one that is not well-formed, is null.</summary>
public readonly ref struct MessageProperties
{
    private readonly ReadOnlySpan<byte> _section;

    /// <summary>Looks at a section.</summary>
    /// <param name="section">Properties as in PUBLISH, without length prefix.</param>
    public MessageProperties(ReadOnlySpan<byte> section) => _section = section;

    /// <summary>Whether the payload says that it is UTF-8 text; null if it says nothing.</summary>
    public bool? PayloadFormatIndicator =>
        TryFind(PropertyId.PayloadFormatIndicator, out var reader) ? reader.Number != 0 : null;

    /// <summary>What the payload is, or null.</summary>
    public string? ContentType => TryFind(PropertyId.ContentType, out var reader) ? Utf8Text.Decode(reader.Bytes) : null;

    /// <summary>Topic name for answers, or null.</summary>
    public string? ResponseTopic => TryFind(PropertyId.ResponseTopic, out var reader) ? Utf8Text.Decode(reader.Bytes) : null;

    /// <summary>Copy of the correlation data, or null.</summary>
    public ReadOnlyMemory<byte>? CorrelationData =>
        TryFind(PropertyId.CorrelationData, out var reader) ? (ReadOnlyMemory<byte>?)reader.Bytes.ToArray() : null;

    /// <summary>User properties in order.</summary>
    public IReadOnlyList<UserProperty> UserProperties
    {
        get
        {
            List<UserProperty>? list = null;
            var reader = new PropertyReader(_section, PropertyLocation.Publish);
            while (reader.Read())
            {
                if (reader.Id != PropertyId.UserProperty) continue;
                (list ??= []).Add(new UserProperty(Utf8Text.Decode(reader.Bytes), Utf8Text.Decode(reader.SecondBytes)));
            }

            return list ?? (IReadOnlyList<UserProperty>)[];
        }
    }

    /// <summary>Encodes a section for <see cref="Will.ForwardedProperties"/> or <see cref="PublishEncoder"/>.</summary>
    /// <exception cref="ArgumentException">A text or the correlation data is longer than 65,535 bytes, or a text is not valid.</exception>
    public static byte[] Encode(
        bool? payloadFormatIndicator = null,
        string? contentType = null,
        string? responseTopic = null,
        ReadOnlyMemory<byte>? correlationData = null,
        IReadOnlyList<UserProperty>? userProperties = null)
    {
        var measure = PacketWriter.Measuring();
        Write(ref measure);
        var section = new byte[measure.Length];
        var writer = new PacketWriter(section);
        Write(ref writer);
        return section;

        void Write(ref PacketWriter writer)
        {
            writer.Property(PropertyId.PayloadFormatIndicator, payloadFormatIndicator);
            writer.Property(PropertyId.ContentType, contentType);
            writer.Property(PropertyId.ResponseTopic, responseTopic);
            writer.Property(PropertyId.CorrelationData, correlationData);
            writer.UserProperties(userProperties ?? []);
        }
    }

    private bool TryFind(PropertyId id, out PropertyReader reader)
    {
        reader = new PropertyReader(_section, PropertyLocation.Publish);
        while (reader.Read())
        {
            if (reader.Id == id) return true;
        }

        return false;
    }
}

using System.Buffers.Binary;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>What of a property section a server passes on unchanged and in order: payload format, content type, response topic,
/// correlation data, user properties [MQTT-3.3.2-4], [MQTT-3.3.2-15], [MQTT-3.3.2-16], [MQTT-3.3.2-18], [MQTT-3.3.2-20].</summary>
internal static class ForwardedSection
{
    private const ulong Cut =
        1UL << (int)PropertyId.TopicAlias
        | 1UL << (int)PropertyId.MessageExpiryInterval
        | 1UL << (int)PropertyId.SubscriptionIdentifier
        | 1UL << (int)PropertyId.WillDelayInterval;

    /// <summary>Whether the property is rewritten or dropped on its way.</summary>
    internal static bool IsCut(PropertyId id) => (Cut >> (int)id & 1) != 0;

    /// <summary>Whether a section is well-formed, and has nothing in it that would be cut.</summary>
    internal static bool IsForwardable(ReadOnlySpan<byte> section)
    {
        var reader = new PropertyReader(section, PropertyLocation.Publish);
        while (reader.Read())
        {
            if (IsCut(reader.Id)) return false;
        }

        return reader.Error is null;
    }

    /// <summary>Copies all but the cut properties of a section that was checked before; returns the bytes written.</summary>
    internal static int Copy(ReadOnlySpan<byte> section, Span<byte> destination)
    {
        var written = 0;
        var runStart = 0;
        for (var position = 0; position < section.Length;)
        {
            var next = position + GetLength(section[position..]);
            if (IsCut((PropertyId)section[position]))
            {
                written += CopyRun(section[runStart..position], destination[written..]);
                runStart = next;
            }

            position = next;
        }

        return written + CopyRun(section[runStart..], destination[written..]);
    }

    private static int CopyRun(ReadOnlySpan<byte> run, Span<byte> destination)
    {
        run.CopyTo(destination);
        return run.Length;
    }

    private static int GetLength(ReadOnlySpan<byte> property)
    {
        var value = property[1..];
        return 1 + PropertyRules.GetPropertyType((PropertyId)property[0]) switch
        {
            PropertyType.Byte => 1,
            PropertyType.TwoByteInteger => sizeof(ushort),
            PropertyType.FourByteInteger => sizeof(uint),
            PropertyType.VariableByteInteger => value.IndexOfAnyInRange((byte)0, (byte)0x7F) + 1,
            PropertyType.TextPair => GetPrefixed(value) + GetPrefixed(value[GetPrefixed(value)..]),
            _ => GetPrefixed(value),
        };
    }

    private static int GetPrefixed(ReadOnlySpan<byte> value) => sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(value);
}

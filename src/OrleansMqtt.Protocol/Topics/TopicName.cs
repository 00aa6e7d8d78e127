using System.Buffers;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>Topic names: what a PUBLISH is sent to. Section 4.7 of the specifications.</summary>
public static class TopicName
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("+#\0"u8);

    /// <summary>
    /// Whether the bytes are a topic name: 1 to 65,535 bytes [MQTT-4.7.3-1] [MQTT-4.7.3-3], no wildcard [MQTT-3.3.2-2]
    /// [MQTT-4.7.1-1], no U+0000 [MQTT-4.7.3-2]. That they are well-formed UTF-8 is the decoder's business and not checked.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.Length is > 0 and <= TopicSyntax.MaximumLength && !utf8.ContainsAny(Forbidden);

    /// <summary>The same for a string, which moreover must have a UTF-8 form: no lone surrogates [MQTT-1.5.4-1].</summary>
    public static bool IsValid(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return TopicSyntax.CheckAsUtf8(topic, IsValid);
    }
}

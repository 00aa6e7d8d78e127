using System.Text;
using System.Text.Unicode;

namespace OrleansMqtt.Protocol.Codec;

/// <summary>UTF-8 encoded strings (MQTT 5.0 section 1.5.4). A leading U+FEFF is kept [MQTT-1.5.4-3]; control and non-characters, which
/// a receiver may refuse, are accepted.</summary>
public static class Utf8Text
{
    /// <summary>Longest text in bytes: its length prefix has two bytes.</summary>
    public const int MaximumLength = 65_535;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the bytes are well-formed UTF-8, without surrogates [MQTT-1.5.4-1] and U+0000 [MQTT-1.5.4-2].</summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) => !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    /// <summary>Bytes that <paramref name="text"/> takes, without its length prefix.</summary>
    /// <exception cref="ArgumentException">The text contains U+0000 or half a surrogate pair, or is longer than
    /// <see cref="MaximumLength"/> bytes.</exception>
    internal static int GetLength(string text)
    {
        var length = Strict.GetByteCount(text);
        if (length > MaximumLength) throw new ArgumentException("A text takes more than 65,535 bytes.", nameof(text));
        return text.Contains('\0') ? throw new ArgumentException("A text contains U+0000.", nameof(text)) : length;
    }

    internal static int Write(Span<byte> destination, string text) => Strict.GetBytes(text, destination);

    internal static string Decode(ReadOnlySpan<byte> validated) => Encoding.UTF8.GetString(validated);
}

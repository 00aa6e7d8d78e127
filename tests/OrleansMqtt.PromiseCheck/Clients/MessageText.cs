using System.Globalization;
using System.Text;

namespace OrleansMqtt.PromiseCheck.Clients;

/// <summary>What payloads say: <c>stream/sequence</c>, where a stream is what one client publishes to one topic and the sequence rises; then
/// padding. Each is unique in a run.</summary>
internal static class MessageText
{
    private const char Padding = '.';
    private const char Separator = '/';

    /// <summary>The text of a message, unpadded.</summary>
    public static string Of(string stream, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{stream}{Separator}{sequence}");

    /// <summary>The payload of a text, padded to a length.</summary>
    public static byte[] Write(string text, int length) => Encoding.UTF8.GetBytes(text.PadRight(length, Padding));

    /// <summary>The text of a payload, unpadded. Whatever is no text of ours comes out as something never published.</summary>
    public static string Read(ReadOnlySpan<byte> payload) => Encoding.UTF8.GetString(payload).TrimEnd(Padding);

    /// <summary>Takes a text apart; false if it is none of ours.</summary>
    public static bool TrySplit(string text, out string stream, out long sequence)
    {
        var end = text.LastIndexOf(Separator);
        stream = end < 0 ? "" : text[..end];
        return long.TryParse(text.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence) && end > 0;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>What topic names and topic filters have in common: separators, limits, and the step from level to level.</summary>
/// <remarks>
/// Levels are walked by position: the next level begins at the position, and a position beyond the length means that no
/// level is left. So <c>"/"</c> has two empty levels, at positions 0 and 1.
/// </remarks>
internal static class TopicSyntax
{
    public const byte Separator = (byte)'/';
    public const byte SingleLevelWildcard = (byte)'+';
    public const byte MultiLevelWildcard = (byte)'#';
    public const byte ReservedPrefix = (byte)'$';

    /// <summary>The longest topic name or filter in bytes of UTF-8 [MQTT-4.7.3-3].</summary>
    public const int MaximumLength = 65_535;

    /// <summary>The level that begins at <paramref name="position"/>.</summary>
    public static ReadOnlySpan<byte> LevelAt(ReadOnlySpan<byte> text, int position)
    {
        var rest = text[position..];
        var length = rest.IndexOf(Separator);
        return length < 0 ? rest : rest[..length];
    }

    /// <summary>Whether a level is exactly the wildcard <paramref name="wildcard"/>.</summary>
    public static bool IsWildcard(ReadOnlySpan<byte> level, byte wildcard) => level.Length == 1 && level[0] == wildcard;

    /// <summary>
    /// Runs a check of UTF-8 bytes on a string; a string that has no UTF-8 form (a lone surrogate) or is too long fails it [MQTT-1.5.4-1].
    /// </summary>
    public static bool CheckAsUtf8(string text, CheckUtf8 check)
    {
        // Each UTF-16 code unit becomes at least one byte.
        if (text.Length > MaximumLength)
        {
            return false;
        }

        var capacity = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var buffer = capacity <= 512 ? stackalloc byte[512] : (rented = ArrayPool<byte>.Shared.Rent(capacity));
        try
        {
            var status = Utf8.FromUtf16(text, buffer, out _, out var written, replaceInvalidSequences: false);
            return status == OperationStatus.Done && check(buffer[..written]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>A check of a topic name's or filter's bytes.</summary>
    public delegate bool CheckUtf8(ReadOnlySpan<byte> utf8);
}

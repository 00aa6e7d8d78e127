using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansMqtt.Gateway.Faults;

/// <summary>One of curl's test files, whose parts stand between lines with tags: it looks like XML, but is none (curl's tests/server/getpart.c).</summary>
internal static class TestFile
{
    /// <summary>The bytes of a part.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="section">The section.</param>
    /// <param name="part">The part in it.</param>
    /// <param name="bytes">Its bytes, decoded where it says so.</param>
    /// <returns>Whether there is such a part.</returns>
    /// <exception cref="FormatException">It says that it is base64, and is not.</exception>
    public static bool TryGetPart(ReadOnlySpan<byte> file, string section, string part, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var (isInSection, attributes) = (false, (string?)null);
        var found = new StringBuilder();
        // Each byte is a character.
        foreach (var line in LinesOf(Encoding.Latin1.GetString(file)))
        {
            var tag = line.TrimStart();
            if (attributes is not null)
            {
                if (IsTag(tag, $"</{part}") || IsTag(tag, $"</{section}"))
                {
                    bytes = Decode(found.ToString(), attributes);
                    return true;
                }
                found.Append(line);
            }
            else if (!isInSection) isInSection = IsTag(tag, $"<{section}");
            else if (IsTag(tag, $"</{section}")) isInSection = false;
            else if (IsTag(tag, $"<{part}")) attributes = tag[(part.Length + 1)..];
        }
        return false;
    }

    private static byte[] Decode(string text, string attributes)
    {
        var bytes = attributes.Contains("base64=", StringComparison.Ordinal) ? Convert.FromBase64String(text) : Encoding.Latin1.GetBytes(text);
        return attributes.Contains("nonewline=", StringComparison.Ordinal) ? bytes[..^Math.Min(1, bytes.Length)] : bytes;
    }

    private static bool IsTag(string line, string tag) => line.Length > tag.Length && line.StartsWith(tag, StringComparison.Ordinal) && (line[tag.Length] is '>' || char.IsWhiteSpace(line[tag.Length]));

    // With their ends.
    private static IEnumerable<string> LinesOf(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
    }
}

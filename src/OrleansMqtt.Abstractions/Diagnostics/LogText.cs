using System.Globalization;
using System.Text;

namespace OrleansMqtt.Diagnostics;

/// <summary>What clients call themselves, as it stands in the log.</summary>
internal static class LogText
{
    /// <summary>The text with control characters, line and paragraph separators and what changes the direction of writing as \uXXXX: nobody writes lines of the log for others.</summary>
    public static string Escape(string text)
    {
        var first = 0;
        while (first < text.Length && !IsHidden(text[first])) first++;
        if (first == text.Length) return text;
        var escaped = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var c in text.AsSpan(first))
        {
            if (IsHidden(c)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else escaped.Append(c);
        }
        return escaped.ToString();
    }

    /// <summary>A client and, where there is one, its user.</summary>
    public static string Of(string clientId, string? userName) => userName is null ? Escape(clientId) : $"{Escape(clientId)} (user {Escape(userName)})";

    private static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
}

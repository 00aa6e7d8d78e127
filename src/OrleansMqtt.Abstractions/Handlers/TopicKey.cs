using System.Globalization;
using System.Text;

namespace OrleansMqtt.Handlers;

/// <summary>
/// The keys of handler grains. One level is its own key; several are joined by <c>/</c>. What would make two topics one grain, or no key at all, is written as in URIs: <c>%</c>, <c>/</c> within a
/// tail, white space and control characters as <c>%</c> and two hexadecimal digits for each byte; an empty level is a lone <c>%</c>. A handler without names in its template has one
/// grain, whose key is the topic.
/// </summary>
public static class TopicKey
{
    /// <summary>The key for these levels.</summary>
    /// <param name="values">What the names that choose the grain stand for, in their order; at least one.</param>
    public static string Of(params ReadOnlySpan<string> values)
    {
        if (values.IsEmpty) throw new ArgumentException("A key is made of at least one value.", nameof(values));
        if (values.Length == 1 && IsPlain(values[0])) return values[0];
        var key = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (i > 0) key.Append('/');
            Append(key, values[i]);
        }
        return key.ToString();
    }

    private static bool IsPlain(string value)
    {
        foreach (var c in value)
            if (MustEscape(c)) return false;
        return value.Length > 0;
    }

    private static bool MustEscape(char c) => c is '%' or '/' || char.IsWhiteSpace(c) || char.IsControl(c);

    private static void Append(StringBuilder key, string value)
    {
        if (value.Length == 0) key.Append('%');
        Span<byte> bytes = stackalloc byte[4];
        foreach (var c in value)
        {
            if (!MustEscape(c))
            {
                key.Append(c);
                continue;
            }
            // None of them is half of a pair.
            foreach (var b in bytes[..new Rune(c).EncodeToUtf8(bytes)]) key.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
    }
}

using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansMqtt.Handlers.Payloads;

/// <summary>Words for true and false, whatever their case; white space around them does not matter. The first one of each is written.</summary>
internal sealed class BooleanCodec : IPayloadCodec<bool>
{
    private const int MaximumLength = 256;
    private readonly FrozenDictionary<string, bool> _words;
    private readonly string _true, _false;

    private BooleanCodec(string[] trueWords, string[] falseWords)
    {
        (_true, _false) = (trueWords[0], falseWords[0]);
        _words = trueWords.Select(static word => KeyValuePair.Create(word, true)).Concat(falseWords.Select(static word => KeyValuePair.Create(word, false)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Makes one of two lists; null when they are not two lists of different words.</summary>
    public static BooleanCodec? Create(string trueWords, string falseWords)
    {
        var (yes, no) = (Split(trueWords), Split(falseWords));
        return yes.Length == 0 || no.Length == 0 || yes.Intersect(no, StringComparer.OrdinalIgnoreCase).Any() ? null : new BooleanCodec(yes, no);
    }

    public bool TryRead(ReadOnlyMemory<byte> payload, out bool value, [NotNullWhen(false)] out string? reason)
    {
        value = false;
        var isWord = payload.Length <= MaximumLength && _words.TryGetValue(Encoding.UTF8.GetString(payload.Span).Trim(), out value);
        reason = isWord ? null : $"The payload is neither of {string.Join(", ", _words.Keys)}.";
        return isWord;
    }

    public void Write(bool value, IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(value ? _true : _false, writer);

    private static string[] Split(string words) =>
        [.. words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
}

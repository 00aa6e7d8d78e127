using System.Buffers.Binary;
using System.Text;
using OrleansMqtt.Protocol.Codec;

namespace OrleansMqtt.Protocol.Tests.Corpus;

/// <summary>How the corpus writes bytes: hexadecimal digits; <c>'text'</c> for bare ASCII; <c>&lt;text&gt;</c> for UTF-8 with its
/// length in two bytes before it; <c>(…)</c> for anything with its length as a variable byte integer before it. Blanks mean nothing.</summary>
internal static class Notation
{
    internal static byte[] Parse(string notation)
    {
        var position = 0;
        return ParseUntil(notation, ref position, end: null);
    }

    private static byte[] ParseUntil(string notation, ref int position, char? end)
    {
        var bytes = new List<byte>();
        while (position < notation.Length && notation[position] != end)
        {
            switch (notation[position])
            {
                case ' ':
                    position++;
                    break;
                case '(':
                    position++;
                    var part = ParseUntil(notation, ref position, ')');
                    var prefix = new byte[4];
                    bytes.AddRange(prefix[..VariableByteInteger.Write(prefix, (uint)part.Length)]);
                    bytes.AddRange(part);
                    break;
                case '<':
                    var text = Encoding.UTF8.GetBytes(Delimited(notation, ref position, '>'));
                    var length = new byte[2];
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
                    bytes.AddRange(length);
                    bytes.AddRange(text);
                    break;
                case '\'':
                    bytes.AddRange(Encoding.ASCII.GetBytes(Delimited(notation, ref position, '\'')));
                    break;
                default:
                    bytes.AddRange(Convert.FromHexString(notation.AsSpan(position, 2)));
                    position += 2;
                    break;
            }
        }

        if (end is not null && position >= notation.Length) throw new FormatException($"'{end}' is missing in: {notation}");
        position++;
        return [.. bytes];
    }

    private static string Delimited(string notation, ref int position, char end)
    {
        var start = position + 1;
        var stop = notation.IndexOf(end, start);
        position = stop + 1;
        return notation[start..stop];
    }
}

using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Protocol.Tests.Packets;

/// <summary>Writes a packet out with all its members, so that two can be compared, and a difference can be read.</summary>
internal static class PacketText
{
    private static readonly Dictionary<Type, PropertyInfo[]> Members = typeof(Packet).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Packet).Namespace && !type.IsEnum)
        .ToDictionary(type => type, type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public));

    internal static string Describe(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string words:
                text.Append('"').Append(words).Append('"');
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case Enum or ValueType when !Members.ContainsKey(value.GetType()):
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
            case IEnumerable list:
                text.Append('[');
                foreach (var item in list)
                {
                    Append(text, item);
                    text.Append(' ');
                }

                text.Append(']');
                break;
            default:
                AppendMembers(text, value);
                break;
        }
    }

    private static void AppendMembers(StringBuilder text, object value)
    {
        text.Append(value.GetType().Name).Append(" { ");
        foreach (var member in Members[value.GetType()])
        {
            var content = member.GetValue(value);
            if (content is null or ICollection { Count: 0 }) continue;
            text.Append(member.Name).Append('=');
            Append(text, content);
            text.Append(' ');
        }

        text.Append('}');
    }
}

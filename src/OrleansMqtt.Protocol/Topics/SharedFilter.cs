using System.Text;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>The parts of a shared subscription's topic filter, section 4.8.2 of the specification:
/// <c>$share/{Group}/{Filter}</c>.</summary>
/// <param name="Prefix"><c>$share</c>, or <c>$oshare</c> for a group that keeps the order of each publisher's messages on a topic.</param>
/// <param name="Group">The share name: not empty, without <c>/</c>, <c>+</c> and <c>#</c>.</param>
/// <param name="Filter">The topic filter that the group's members share; it is matched as if it stood alone.</param>
/// <param name="IsOrdered">Whether the prefix is <c>$oshare</c>, this project's extension.</param>
public readonly record struct SharedFilter(string Prefix, string Group, string Filter, bool IsOrdered)
{
    private const string UnorderedPrefix = "$share";
    private const string OrderedPrefix = "$oshare";

    private static ReadOnlySpan<byte> UnorderedStart => "$share/"u8;

    private static ReadOnlySpan<byte> OrderedStart => "$oshare/"u8;

    /// <summary>Whether a filter claims to be a shared one: begins with <c>$share/</c> or <c>$oshare/</c>. It may be invalid all the
    /// same.</summary>
    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(UnorderedStart) || filter.StartsWith(OrderedStart);

    /// <inheritdoc cref="IsShared(ReadOnlySpan{byte})"/>
    public static bool IsShared(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.StartsWith(UnorderedPrefix + "/", StringComparison.Ordinal) ||
            filter.StartsWith(OrderedPrefix + "/", StringComparison.Ordinal);
    }

    /// <summary>Takes a shared filter apart without allocating; false if it is not a shared one, or a malformed one.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> group, out ReadOnlySpan<byte> filter, out bool isOrdered)
    {
        group = filter = default;
        isOrdered = text.StartsWith(OrderedStart);
        if (text.Length > TopicSyntax.MaximumLength || !IsShared(text))
        {
            return false;
        }

        var rest = text[(isOrdered ? OrderedStart.Length : UnorderedStart.Length)..];
        var separator = rest.IndexOf(TopicSyntax.Separator);

        // A name of at least one character [MQTT-4.8.2-1], then '/' and a filter [MQTT-4.8.2-2].
        if (separator < 1 || separator == rest.Length - 1)
        {
            return false;
        }

        group = rest[..separator];
        filter = rest[(separator + 1)..];
        return !group.ContainsAny((byte)'+', (byte)'#', (byte)0) && TopicFilter.IsValidUnshared(filter);
    }

    /// <summary>Takes a shared filter apart; false if it is not a shared one, or a malformed one.</summary>
    public static bool TryParse(string filter, out SharedFilter shared)
    {
        shared = default;
        if (!IsShared(filter) || !TopicFilter.IsValid(filter))
        {
            return false;
        }

        TrySplit(Encoding.UTF8.GetBytes(filter), out var group, out var inner, out var isOrdered);
        shared = new SharedFilter(
            isOrdered ? OrderedPrefix : UnorderedPrefix, Encoding.UTF8.GetString(group), Encoding.UTF8.GetString(inner), isOrdered);
        return true;
    }
}

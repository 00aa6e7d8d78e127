using System.Buffers;

namespace OrleansMqtt.Protocol.Topics;

/// <summary>Topic filters: what a SUBSCRIBE asks for. Section 4.7 of the specifications.</summary>
public static class TopicFilter
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("+#\0"u8);

    /// <summary>
    /// Whether the bytes are a topic filter: 1 to 65,535 bytes [MQTT-4.7.3-1] [MQTT-4.7.3-3], no U+0000 [MQTT-4.7.3-2], <c>#</c> only
    /// as the whole last level [MQTT-4.7.1-1], <c>+</c> only as a whole level [MQTT-4.7.1-2]; behind <c>$share/</c> or <c>$oshare/</c>
    /// a group and again a filter [MQTT-4.8.2-1] [MQTT-4.8.2-2]. Well-formed UTF-8 is the decoder's business and not checked.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        SharedFilter.IsShared(utf8) ? SharedFilter.TrySplit(utf8, out _, out _, out _) : IsValidUnshared(utf8);

    /// <summary>The same for a string, which moreover must have a UTF-8 form: no lone surrogates [MQTT-1.5.4-1].</summary>
    public static bool IsValid(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return TopicSyntax.CheckAsUtf8(filter, IsValid);
    }

    /// <summary>Whether a valid filter contains <c>+</c> or <c>#</c>; one without is the name of the one topic that it matches.</summary>
    public static bool HasWildcard(ReadOnlySpan<byte> filter) =>
        filter.ContainsAny(TopicSyntax.SingleLevelWildcard, TopicSyntax.MultiLevelWildcard);

    /// <summary>
    /// Whether a valid filter matches a valid topic name, byte for byte [MQTT-4.7.3-4]. Takes time linear in their lengths, whatever
    /// they contain. Of a shared subscription, pass the filter behind the group (<see cref="SharedFilter.Filter"/>).
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        // A wildcard in the first level does not match names that begin with '$' [MQTT-4.7.2-1].
        if (filter.IsEmpty || topic.IsEmpty ||
            (topic[0] == TopicSyntax.ReservedPrefix && filter[0] is TopicSyntax.SingleLevelWildcard or TopicSyntax.MultiLevelWildcard))
        {
            return false;
        }

        int filterPosition = 0, topicPosition = 0;
        while (filterPosition <= filter.Length)
        {
            var wanted = TopicSyntax.LevelAt(filter, filterPosition);
            if (TopicSyntax.IsWildcard(wanted, TopicSyntax.MultiLevelWildcard))
            {
                return true; // The parent level too, so no level need be left (section 4.7.1.2).
            }

            if (topicPosition > topic.Length)
            {
                return false;
            }

            var level = TopicSyntax.LevelAt(topic, topicPosition);
            if (!TopicSyntax.IsWildcard(wanted, TopicSyntax.SingleLevelWildcard) && !wanted.SequenceEqual(level))
            {
                return false;
            }

            filterPosition += wanted.Length + 1;
            topicPosition += level.Length + 1;
        }

        return topicPosition > topic.Length;
    }

    /// <summary>Whether the bytes are a filter where <c>$share/</c> means nothing special, as in one that stands behind a group
    /// already.</summary>
    internal static bool IsValidUnshared(ReadOnlySpan<byte> filter) =>
        filter.Length is > 0 and <= TopicSyntax.MaximumLength && AreWildcardsInPlace(filter);

    /// <summary>Whether no level mixes a wildcard with other characters, <c>#</c> stands last, and no U+0000 occurs.</summary>
    private static bool AreWildcardsInPlace(ReadOnlySpan<byte> filter)
    {
        for (var start = 0; ;)
        {
            var offset = filter[start..].IndexOfAny(Special);
            if (offset < 0)
            {
                return true;
            }

            var at = start + offset;
            var opensLevel = at == 0 || filter[at - 1] == TopicSyntax.Separator;
            var isLast = at == filter.Length - 1;
            var closesLevel = filter[at] switch
            {
                TopicSyntax.SingleLevelWildcard => isLast || filter[at + 1] == TopicSyntax.Separator,
                TopicSyntax.MultiLevelWildcard => isLast,
                _ => false,
            };

            if (!opensLevel || !closesLevel)
            {
                return false;
            }

            start = at + 1;
        }
    }
}

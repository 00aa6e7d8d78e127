namespace OrleansMqtt.Protocol.Topics;

/// <summary>How two valid topic filters stand to each other. Of shared subscriptions, pass the filters behind the groups. Both take time linear in their lengths.</summary>
public static class FilterRelation
{
    /// <summary>Whether every topic name that <paramref name="inner"/> matches is matched by <paramref name="outer"/>.</summary>
    public static bool Covers(ReadOnlySpan<byte> outer, ReadOnlySpan<byte> inner)
    {
        for (int outerPosition = 0, innerPosition = 0; ;)
        {
            if (outerPosition > outer.Length) return innerPosition > inner.Length;
            var wide = TopicSyntax.LevelAt(outer, outerPosition);
            var isEverything = TopicSyntax.IsWildcard(wide, TopicSyntax.MultiLevelWildcard);
            // The parent level too (section 4.7.1.2).
            if (innerPosition > inner.Length) return isEverything;
            var narrow = TopicSyntax.LevelAt(inner, innerPosition);
            if (innerPosition == 0 && IsWildcard(wide) && IsReserved(narrow)) return false; // [MQTT-4.7.2-1]
            if (isEverything) return true;
            if (TopicSyntax.IsWildcard(narrow, TopicSyntax.MultiLevelWildcard)) return false;
            if (!IsWildcard(wide) && !wide.SequenceEqual(narrow)) return false;
            outerPosition += wide.Length + 1;
            innerPosition += narrow.Length + 1;
        }
    }

    /// <summary>Whether there is a topic name that both match.</summary>
    public static bool Overlap(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        for (int position = 0, otherPosition = 0; ;)
        {
            if (position > one.Length) return otherPosition > other.Length || IsParentOfEverything(other, otherPosition);
            if (otherPosition > other.Length) return IsParentOfEverything(one, position);
            var level = TopicSyntax.LevelAt(one, position);
            var otherLevel = TopicSyntax.LevelAt(other, otherPosition);
            if (position == 0 && ((IsWildcard(level) && IsReserved(otherLevel)) || (IsWildcard(otherLevel) && IsReserved(level)))) return false; // [MQTT-4.7.2-1]
            if (IsEverything(one, position) || IsEverything(other, otherPosition)) return true;
            if (!IsWildcard(level) && !IsWildcard(otherLevel) && !level.SequenceEqual(otherLevel)) return false;
            position += level.Length + 1;
            otherPosition += otherLevel.Length + 1;
        }
    }

    private static bool IsEverything(ReadOnlySpan<byte> filter, int position) => TopicSyntax.IsWildcard(TopicSyntax.LevelAt(filter, position), TopicSyntax.MultiLevelWildcard);

    // Behind one empty level the parent would be the empty topic, which there is not [MQTT-4.7.3-1].
    private static bool IsParentOfEverything(ReadOnlySpan<byte> filter, int position) => position > 1 && IsEverything(filter, position);

    private static bool IsWildcard(ReadOnlySpan<byte> level) =>
        TopicSyntax.IsWildcard(level, TopicSyntax.SingleLevelWildcard) || TopicSyntax.IsWildcard(level, TopicSyntax.MultiLevelWildcard);

    private static bool IsReserved(ReadOnlySpan<byte> firstLevel) => firstLevel is [TopicSyntax.ReservedPrefix, ..];
}

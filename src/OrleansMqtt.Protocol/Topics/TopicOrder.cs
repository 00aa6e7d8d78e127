namespace OrleansMqtt.Protocol.Topics;

/// <summary>The order of topic names in a <see cref="TopicIndex{TValue}"/>: level by level, each by its bytes.</summary>
/// <remarks>
/// That is the order of the bytes with the separator below all others, so a topic is followed at once by all topics below it.
/// </remarks>
internal static class TopicOrder
{
    /// <summary>
    /// A byte that no name contains [MQTT-4.7.3-2] and that sorts right above the separator: a topic with it appended stands behind
    /// everything below the topic and before everything else.
    /// </summary>
    public const byte EndOfSubtree = 0;

    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var shared = left.CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return Rank(left[shared]) - Rank(right[shared]);
    }

    private static int Rank(byte value) => value == TopicSyntax.Separator ? -1 : value;
}

using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Tests.Topics;

/// <summary>Random topic names and filters from few levels, so that they meet often.</summary>
internal static class TopicSamples
{
    private static readonly string[] Levels = ["", "a", "b", "c", "ab", "abc", "$", "$a", "!", "0", "ö", "a b"];

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static bool Matches(string filter, string topic) => TopicFilter.Matches(Bytes(filter), Bytes(topic));

    public static string RandomTopic(Random random)
    {
        while (true)
        {
            var topic = string.Join('/', RandomLevels(random));
            if (topic.Length > 0)
            {
                return topic;
            }
        }
    }

    public static string RandomFilter(Random random)
    {
        while (true)
        {
            var levels = RandomLevels(random).Select(level => random.Next(4) == 0 ? "+" : level).ToList();
            if (random.Next(4) == 0)
            {
                levels.Add("#");
            }

            if (random.Next(20) == 0)
            {
                levels = ["#"];
            }

            var filter = string.Join('/', levels);
            if (filter.Length > 0)
            {
                return filter;
            }
        }
    }

    /// <summary>The order that a scan promises: level by level, each by its bytes.</summary>
    public static int CompareByLevels(string left, string right)
    {
        string[] leftLevels = left.Split('/'), rightLevels = right.Split('/');
        for (var i = 0; i < Math.Min(leftLevels.Length, rightLevels.Length); i++)
        {
            var order = Bytes(leftLevels[i]).AsSpan().SequenceCompareTo(Bytes(rightLevels[i]));
            if (order != 0)
            {
                return order;
            }
        }

        return leftLevels.Length - rightLevels.Length;
    }

    private static string[] RandomLevels(Random random)
    {
        var levels = new string[random.Next(1, 6)];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = Levels[random.Next(Levels.Length)];
        }

        return levels;
    }
}

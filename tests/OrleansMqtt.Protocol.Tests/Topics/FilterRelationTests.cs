using System.Text;
using OrleansMqtt.Protocol.Topics;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class FilterRelationTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/+/c/#", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+/#", "a/#", false)]
    [InlineData("#", "+/+", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("/+", "/", true)]
    public void One_covers_another(string outer, string inner, bool covers) =>
        Assert.Equal(covers, FilterRelation.Covers(Encoding.UTF8.GetBytes(outer), Encoding.UTF8.GetBytes(inner)));

    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/+", "+/b", true)]
    [InlineData("a/+", "b/+", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "+", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/#", "$SYS/#", false)]
    [InlineData("#", "+/x", true)]
    public void Two_overlap(string one, string other, bool overlap)
    {
        Assert.Equal(overlap, FilterRelation.Overlap(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other)));
        Assert.Equal(overlap, FilterRelation.Overlap(Encoding.UTF8.GetBytes(other), Encoding.UTF8.GetBytes(one)));
    }

    /// <summary>Every pair of filters of up to three levels of a small alphabet, against every topic of up to four.</summary>
    [Fact]
    public void They_are_what_matching_says()
    {
        byte[][] topics = [.. Texts(["a", "b", "$a", ""], 4).Where(static t => t.Length > 0).Select(Encoding.UTF8.GetBytes)];
        byte[][] filters = [.. Texts(["a", "b", "$a", "", "+", "#"], 3).Select(Encoding.UTF8.GetBytes).Where(static f => TopicFilter.IsValid(f))];
        var matched = filters.ToDictionary(static f => f, f => topics.Where(t => TopicFilter.Matches(f, t)).ToHashSet());
        foreach (var one in filters)
            foreach (var other in filters)
            {
                var pair = $"{Encoding.UTF8.GetString(one)} and {Encoding.UTF8.GetString(other)}";
                Assert.True(FilterRelation.Overlap(one, other) == matched[one].Overlaps(matched[other]), pair);
                // "c", which neither names, stands for all other words: what matches it too must not be told apart from a and b by the topics that were tried.
                Assert.True(FilterRelation.Covers(one, other) == CoversAll(one, other), pair);
            }

        bool CoversAll(byte[] outer, byte[] inner) => Texts(["a", "b", "$a", "", "c"], 4).Select(Encoding.UTF8.GetBytes).Where(static t => t.Length > 0)
            .All(t => !TopicFilter.Matches(inner, t) || TopicFilter.Matches(outer, t));
    }

    private static IEnumerable<string> Texts(string[] words, int levels) =>
        levels == 1 ? words : Texts(words, levels - 1).Concat(Texts(words, levels - 1).SelectMany(start => words.Select(word => $"{start}/{word}"))).Distinct();
}

using System.Text;
using OrleansMqtt.Storage.Redis.Channels;

namespace OrleansMqtt.Storage.Redis.Tests.Channels;

public sealed class ChannelPatternsTests
{
    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("a/+/c", "a/*/c")]
    [InlineData("#", "*")]
    [InlineData("a/#", "a", "a/*")]
    [InlineData("+/#", "*", "*/*")]
    [InlineData("/#", "/*")]
    [InlineData("a*b?/[c]\\^-", "a\\*b\\?/\\[c\\]\\\\^-")]
    public void A_filter_is_covered_by_patterns(string filter, params string[] patterns) => Assert.Equal(patterns, TextsOf(new ChannelPatterns([filter])));

    [Fact]
    public void The_same_pattern_is_subscribed_to_once() => Assert.Equal(["a/*", "a"], TextsOf(new ChannelPatterns(["a/+", "a/#", "a/#", "a"])));

    [Theory]
    [InlineData("a/#", "a", "a")]
    [InlineData("a/#", "a/b/c", "a/*")]
    [InlineData("a/+", "a/b", "a/*")]
    [InlineData("a/+", "a/b/c", null)]
    [InlineData("+/#", "a", "*")]
    [InlineData("+/#", "a/b", "*/*")]
    [InlineData("#", "$SYS/x", null)]
    [InlineData("+/x", "$SYS/x", null)]
    public void Of_all_patterns_that_a_channel_matches_one_is_taken(string filter, string channel, string? taken)
    {
        var patterns = new ChannelPatterns([filter]);
        Assert.Equal(taken is null ? [] : [taken], TextsOf(patterns).Where(pattern => patterns.Takes(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(channel))));
    }

    [Fact]
    public void Overlapping_filters_take_a_message_once()
    {
        var patterns = new ChannelPatterns(["a/+", "a/#", "+/b", "#"]);
        foreach (var channel in (string[])["a", "a/b", "a/b/c", "x/b", "x"])
            Assert.Single(TextsOf(patterns), pattern => patterns.Takes(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(channel)));
    }

    private static IEnumerable<string> TextsOf(ChannelPatterns patterns) => patterns.All.Select(Encoding.UTF8.GetString);
}

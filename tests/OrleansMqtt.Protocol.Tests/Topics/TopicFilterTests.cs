using System.Text;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#")]
    [InlineData("#")]
    [InlineData("+")]
    [InlineData("+/tennis/#")]
    [InlineData("sport/+/player1")]
    [InlineData("/+")]
    [InlineData("+/+")]
    [InlineData("/")]
    [InlineData("//#")]
    [InlineData("$SYS/#")]
    [InlineData("$share")]
    [InlineData("$share/consumer/sport/tennis/+")]
    [InlineData("$share/g//")]
    [InlineData("$oshare/g/#")]
    public void Filters_are_valid(string filter) => AssertValid(true, filter);

    [Theory]
    [InlineData("")]
    [InlineData("sport/tennis#")]
    [InlineData("sport/tennis/#/ranking")]
    [InlineData("#/")]
    [InlineData("##")]
    [InlineData("sport+")]
    [InlineData("+sport/a")]
    [InlineData("a/++/b")]
    [InlineData("+#")]
    [InlineData("a\0")]
    [InlineData("+/a\0")]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//a")]
    [InlineData("$share/g+/a")]
    [InlineData("$share/#/a")]
    [InlineData("$share/g\0/a")]
    [InlineData("$share/g/a#")]
    [InlineData("$oshare/g")]
    [Normative("5.0", "MQTT-4.7.1-1")]
    [Normative("5.0", "MQTT-4.7.1-2")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-2")]
    public void Misplaced_wildcards_nulls_and_broken_shares_are_not(string filter) => AssertValid(false, filter);

    [Fact]
    [Normative("5.0", "MQTT-4.7.3-3")]
    public void The_limit_is_65535_bytes()
    {
        AssertValid(true, new string('/', 65_535));
        AssertValid(false, new string('/', 65_536));
        Assert.False(TopicFilter.IsValid("a/\uD800"));
    }

    [Theory]
    [InlineData("a/b", false)]
    [InlineData("a/+", true)]
    [InlineData("#", true)]
    public void Wildcards_are_told(string filter, bool expected) =>
        Assert.Equal(expected, TopicFilter.HasWildcard(Encoding.UTF8.GetBytes(filter)));

    [Theory]
    [MemberData(nameof(TopicMatchTable.Matches), MemberType = typeof(TopicMatchTable))]
    public void Filter_matches(string filter, string topic) => Assert.True(TopicSamples.Matches(filter, topic));

    [Theory]
    [MemberData(nameof(TopicMatchTable.Mismatches), MemberType = typeof(TopicMatchTable))]
    [Normative("5.0", "MQTT-4.7.2-1")]
    [Normative("5.0", "MQTT-4.7.3-4")]
    public void Filter_does_not_match(string filter, string topic) => Assert.False(TopicSamples.Matches(filter, topic));

    [Fact]
    public void The_deepest_filter_and_topic_match()
    {
        var deepest = new string('/', 65_535);
        var plus = string.Join('/', Enumerable.Repeat("+", 32_768));
        Assert.True(TopicSamples.Matches(deepest, deepest));
        Assert.True(TopicSamples.Matches(plus, new string('/', 32_767)));
        Assert.False(TopicSamples.Matches(plus, deepest));
        Assert.False(TopicSamples.Matches(deepest, deepest[1..]));
    }

    private static void AssertValid(bool expected, string filter)
    {
        Assert.Equal(expected, TopicFilter.IsValid(filter));
        Assert.Equal(expected, TopicFilter.IsValid(Encoding.UTF8.GetBytes(filter)));
    }
}

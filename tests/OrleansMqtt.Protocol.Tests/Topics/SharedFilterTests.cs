using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class SharedFilterTests
{
    [Theory]
    [InlineData("$share/consumer1/sport/tennis/+", "$share", "consumer1", "sport/tennis/+", false)]
    [InlineData("$share/g//finance", "$share", "g", "/finance", false)]
    [InlineData("$share/g/#", "$share", "g", "#", false)]
    [InlineData("$share/g/$share/h", "$share", "g", "$share/h", false)]
    [InlineData("$oshare/Gruppe ö/a/b", "$oshare", "Gruppe ö", "a/b", true)]
    public void A_shared_filter_has_three_parts(string text, string prefix, string group, string filter, bool isOrdered)
    {
        Assert.True(SharedFilter.IsShared(text));
        Assert.True(SharedFilter.TryParse(text, out var shared));
        Assert.Equal(new SharedFilter(prefix, group, filter, isOrdered), shared);

        Assert.True(SharedFilter.TrySplit(TopicSamples.Bytes(text), out var groupBytes, out var filterBytes, out var ordered));
        Assert.Equal(TopicSamples.Bytes(group), groupBytes);
        Assert.Equal(TopicSamples.Bytes(filter), filterBytes);
        Assert.Equal(isOrdered, ordered);
    }

    [Theory]
    [InlineData("$share/")]
    [InlineData("$share/g")]
    [InlineData("$share/g/")]
    [InlineData("$share//a")]
    [InlineData("$share/g#/a")]
    [InlineData("$share/+/a")]
    [InlineData("$share/g/a/#/b")]
    [InlineData("$share/g/a\0")]
    [InlineData("$oshare/g/")]
    [Normative("5.0", "MQTT-4.8.2-1")]
    [Normative("5.0", "MQTT-4.8.2-2")]
    public void A_broken_one_still_counts_as_shared(string text)
    {
        Assert.True(SharedFilter.IsShared(text));
        Assert.True(SharedFilter.IsShared(TopicSamples.Bytes(text)));
        Assert.False(SharedFilter.TryParse(text, out _));
    }

    [Fact]
    public void A_group_without_a_UTF8_form_is_refused() => Assert.False(SharedFilter.TryParse("$share/g\uD800/a", out _));

    [Theory]
    [InlineData("$share")]
    [InlineData("$shared/g/a")]
    [InlineData("share/g/a")]
    [InlineData("/$share/g/a")]
    [InlineData("$SHARE/g/a")]
    [InlineData("#")]
    public void Others_are_ordinary_filters(string text)
    {
        Assert.False(SharedFilter.IsShared(text));
        Assert.False(SharedFilter.IsShared(TopicSamples.Bytes(text)));
        Assert.False(SharedFilter.TryParse(text, out _));
    }

    [Fact]
    public void A_shared_filter_is_65535_bytes_at_most_as_a_whole()
    {
        Assert.True(SharedFilter.TryParse("$share/g/" + new string('a', 65_526), out _));
        Assert.False(SharedFilter.TryParse("$share/g/" + new string('a', 65_527), out _));
    }
}

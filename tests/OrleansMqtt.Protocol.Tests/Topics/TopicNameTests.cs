using System.Text;
using OrleansMqtt.Protocol.Topics;
using OrleansMqtt.Tests;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class TopicNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/finance")]
    [InlineData("ACCOUNTS")]
    [InlineData("Accounts payable")]
    [InlineData("$SYS/uptime")]
    [InlineData("$share/g/a")]
    [InlineData("Ärger/Öl/\U0001F600")]
    [InlineData("a\u0001b")]
    public void Names_are_valid(string topic)
    {
        Assert.True(TopicName.IsValid(topic));
        Assert.True(TopicName.IsValid(Encoding.UTF8.GetBytes(topic)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a/+/b")]
    [InlineData("a/#")]
    [InlineData("a+")]
    [InlineData("a\0b")]
    [Normative("5.0", "MQTT-3.3.2-2")]
    [Normative("5.0", "MQTT-4.7.3-1")]
    [Normative("5.0", "MQTT-4.7.3-2")]
    public void Wildcards_nulls_and_emptiness_are_not(string topic)
    {
        Assert.False(TopicName.IsValid(topic));
        Assert.False(TopicName.IsValid(Encoding.UTF8.GetBytes(topic)));
    }

    // Not by InlineData: an attribute's strings are stored as UTF-8, which these do not have.
    [Fact]
    public void A_string_without_a_UTF8_form_is_not()
    {
        Assert.False(TopicName.IsValid("\uD800"));
        Assert.False(TopicName.IsValid("a/\uDC00\uD800"));
    }

    [Fact]
    [Normative("5.0", "MQTT-4.7.3-3")]
    public void The_limit_is_65535_bytes_not_characters()
    {
        Assert.True(TopicName.IsValid(new string('a', 65_535)));
        Assert.False(TopicName.IsValid(new string('a', 65_536)));
        Assert.True(TopicName.IsValid(new string('ö', 32_767) + "a"));
        Assert.False(TopicName.IsValid(new string('ö', 32_768)));
        Assert.False(TopicName.IsValid(new byte[65_536].AsSpan()));
    }
}

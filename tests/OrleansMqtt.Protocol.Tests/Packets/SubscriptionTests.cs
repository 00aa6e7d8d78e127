using OrleansMqtt.Protocol.Packets;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Packets;

public sealed class SubscriptionTests
{
    [Theory]
    [InlineData("a/+", "a/b", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("$share/g/a/#", "a/b/c", true)]
    [InlineData("$share/g/a/#", "$share/g/a/b", false)]
    [InlineData("#", "$SYS/x", false)]
    public void A_subscription_matches_what_its_filter_matches(string filter, string topic, bool expected) =>
        Assert.Equal(expected, new Subscription { Filter = filter }.Matches(topic));
}

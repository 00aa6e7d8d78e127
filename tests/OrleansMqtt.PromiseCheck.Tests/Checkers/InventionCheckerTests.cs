using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class InventionCheckerTests
{
    [Fact]
    public void What_was_sent_is_not_invented_acknowledged_or_not()
    {
        var tale = new Tale().Subscribed("s", "m/#").Subscribed("s", "w/a")
            .Sent("p/0/1").Published("p/0/2").Connecting("c", will: "c/1")
            .Received("s", "p/0/1").Received("s", "p/0/2").Received("s", "c/1", topic: "w/a");
        Assert.Empty(InventionChecker.Check(tale.History));
    }

    [Fact]
    public void What_nobody_sent_is_invented() => AssertInvented("nobody", new Tale().Subscribed("s", "m/#").Received("s", "p/0/1"));

    [Fact]
    public void What_came_before_it_was_sent_is_invented() =>
        AssertInvented("later", new Tale().Subscribed("s", "m/#").Received("s", "p/0/1").Sent("p/0/1"));

    [Fact]
    public void What_came_on_another_topic_is_invented() =>
        AssertInvented("another topic", new Tale().Subscribed("s", "m/#").Sent("p/0/1").Received("s", "p/0/1", topic: "m/b"));

    [Fact]
    public void What_no_subscription_matches_is_invented() =>
        AssertInvented("no subscription", new Tale().Subscribed("s", "m/b").Sent("p/0/1").Received("s", "p/0/1"));

    private static void AssertInvented(string why, Tale tale) => Assert.Contains(why, Assert.Single(InventionChecker.Check(tale.History)).Text, StringComparison.Ordinal);
}

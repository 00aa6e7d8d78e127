using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class LossCheckerTests
{
    [Fact]
    public void A_message_that_reached_everybody_is_not_lost()
    {
        var tale = new Tale().Subscribed("s", "m/#").Subscribed("t", "m/+").Sent("p/0/1").Received("s", "p/0/1").Received("t", "p/0/1");
        Assert.Empty(LossChecker.Check(tale.History));
    }

    [Fact]
    public void A_message_that_one_subscriber_misses_is_lost_with_its_history()
    {
        var tale = new Tale().Subscribed("s", "m/#").Subscribed("t", "m/+").Sent("p/0/1").Killed().Back().Received("s", "p/0/1");
        var lost = Assert.Single(LossChecker.Check(tale.History));
        Assert.StartsWith("t never received \"p/0/1\"", lost.Text, StringComparison.Ordinal);
        Assert.Equal(
            [EventKind.Published, EventKind.Acknowledged, EventKind.Killing, EventKind.Received], lost.Events.Select(static e => e.Kind));
    }

    [Fact]
    public void At_QoS_2_the_promise_holds_from_PUBREC()
    {
        var tale = new Tale().Subscribed("s", "m/#").Published("p/0/1", qos: 2).Acknowledged("p/0/1");
        Assert.Single(LossChecker.Check(tale.History));
    }

    [Fact]
    public void Giving_up_after_PUBREC_does_not_take_the_promise_back() =>
        Assert.Single(LossChecker.Check(
            new Tale().Subscribed("s", "m/#").Published("p/0/1", qos: 2).Acknowledged("p/0/1").About(EventKind.Abandoned, "p/0/1").History));

    [Theory]
    [InlineData(nameof(EventKind.Rejected))]
    [InlineData(nameof(EventKind.Abandoned))]
    [InlineData(nameof(EventKind.Resent))]
    public void A_message_without_acknowledgement_is_not_promised(string kind) =>
        Assert.Empty(LossChecker.Check(new Tale().Subscribed("s", "m/#").Published("p/0/1").About(Enum.Parse<EventKind>(kind), "p/0/1").History));

    [Fact]
    public void Subscriptions_that_do_not_match_or_came_later_miss_nothing() =>
        Assert.Empty(LossChecker.Check(new Tale().Subscribed("s", "m/b").Sent("p/0/1").Subscribed("t", "m/#").History));

    [Fact]
    public void A_subscription_granted_again_counts_from_its_first_grant() =>
        Assert.Single(LossChecker.Check(new Tale().Subscribed("s", "m/#").Sent("p/0/1").Subscribed("s", "m/#").History));

    [Fact]
    public void What_was_taken_for_a_repetition_was_not_received() =>
        Assert.Single(LossChecker.Check(new Tale().Subscribed("s", "m/#").Sent("p/0/1").About(EventKind.Suppressed, "p/0/1").History));
}

using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class OrderCheckerTests
{
    private readonly Tale _tale = new Tale().Sent("p/0/1").Sent("p/0/2").Sent("p/0/3").Sent("p/1/1", topic: "m/b").Sent("q/0/1");

    [Fact]
    public void Repetitions_behind_later_messages_are_in_order() => AssertDisordered([], "p/0/1", "p/0/2", "p/0/3", "p/0/2", "p/0/3");

    [Fact]
    public void Order_holds_per_publisher_and_topic_only() => AssertDisordered([], "q/0/1", "p/0/1", "p/0/2", "p/1/1", "p/0/3");

    [Fact]
    public void A_gap_is_not_disorder() => AssertDisordered([], "p/0/1", "p/0/3");

    [Fact]
    public void A_first_occurrence_behind_a_later_message_is_disorder() => AssertDisordered(["p/0/2"], "p/0/1", "p/0/3", "p/0/2", "p/0/2");

    [Fact]
    public void Each_message_behind_the_latest_counts() => AssertDisordered(["p/0/1", "p/0/2"], "p/0/3", "p/0/1", "p/0/2");

    [Fact]
    public void Wills_have_no_order() => Assert.Empty(OrderChecker.Check(
        new Tale().Connecting("c", will: "c/1").Connecting("c", will: "c/2").Received("s", "c/2").Received("s", "c/1").History));

    private void AssertDisordered(string[] expected, params string[] received)
    {
        foreach (var value in received) _tale.Received("s", value);
        Assert.Equal(expected, OrderChecker.Check(_tale.History).Select(static f => f.Events[^1].Value));
    }
}

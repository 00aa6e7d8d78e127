using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class WillCheckerTests
{
    private readonly Tale _tale = new Tale().Subscribed("s", "w/#");

    [Fact]
    public void A_dropped_connection_has_its_will_once() => AssertDuty(WillDuty.Once, Begin().Of("c", EventKind.Dropped));

    [Fact]
    public void A_killed_connection_has_its_will_once_though_the_client_is_back_at_once() =>
        AssertDuty(WillDuty.Once, Begin().Killed().Of("c", EventKind.Lost).Back().Connecting("c", will: "c/2").Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_client_that_disconnects_has_no_will() =>
        AssertDuty(WillDuty.Never, Begin().Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected).Killed().Back());

    [Fact]
    public void A_kill_before_the_broker_closed_leaves_a_DISCONNECT_open() =>
        AssertDuty(WillDuty.AtMostOnce, Begin().Of("c", EventKind.Disconnecting).Killed().Of("c", EventKind.Disconnected).Back());

    [Fact]
    public void A_DISCONNECT_while_the_broker_dies_is_open() =>
        AssertDuty(WillDuty.AtMostOnce, Begin().Killed().Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected).Back());

    [Fact]
    public void A_CONNECT_without_CONNACK_is_open() =>
        AssertDuty(WillDuty.AtMostOnce, _tale.Connecting("c", will: "c/1").Killed().Of("c", EventKind.Lost).Back());

    [Fact]
    public void A_return_before_the_delay_is_over_takes_the_will_back() =>
        AssertDuty(WillDuty.Never, Begin(delay: 3).At(10).Of("c", EventKind.Dropped).At(12).Connecting("c", will: "c/2").At(12.5).Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_delay_of_a_killed_connection_begins_with_the_kill() =>
        AssertDuty(WillDuty.Never, Begin(delay: 3).At(10).Killed().At(10.5).Of("c", EventKind.Lost).At(11).Back().Connecting("c", will: "c/2").At(12.9).Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_client_that_stays_away_has_its_delayed_will() => AssertDuty(WillDuty.Once, Begin(delay: 3).Of("c", EventKind.Dropped));

    [Fact]
    public void A_return_after_the_delay_takes_nothing_back() =>
        AssertDuty(WillDuty.Once, Begin(delay: 3).At(10).Of("c", EventKind.Dropped).At(14.5).Connecting("c", will: "c/2").Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_return_as_the_delay_ends_is_open() =>
        AssertDuty(WillDuty.AtMostOnce, Begin(delay: 3).At(10).Of("c", EventKind.Dropped).At(12.9).Connecting("c", will: "c/2").At(13.1).Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_return_without_CONNACK_is_open() =>
        AssertDuty(WillDuty.AtMostOnce, Begin(delay: 3).At(10).Of("c", EventKind.Dropped).At(11).Connecting("c", will: "c/2").Killed().Of("c", EventKind.Lost).At(60).Back());

    /// <summary>A client may reach a broker that has just started before the checker looks whether it has.</summary>
    [Fact]
    public void A_return_before_the_broker_was_seen_to_be_back_is_open() =>
        AssertDuty(WillDuty.AtMostOnce, Begin(delay: 1).At(10).Killed().Of("c", EventKind.Lost).At(12.5).Connecting("c", will: "c/2").Back().Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void A_broker_that_was_down_may_begin_a_delay_anew() =>
        AssertDuty(WillDuty.AtMostOnce, Begin(delay: 3).At(10).Of("c", EventKind.Dropped).At(11).Killed().At(13).Back().At(15).Connecting("c", will: "c/2").Connected("c").Of("c", EventKind.Disconnecting).Of("c", EventKind.Disconnected));

    [Fact]
    public void Each_collector_is_owed_the_will_from_its_subscription_on()
    {
        var tale = new Tale().Subscribed("s", "w/#").Subscribed("t", "w/a").Subscribed("u", "m/#")
            .Connecting("c", will: "c/1").Connected("c").Of("c", EventKind.Dropped).Subscribed("v", "w/#").Received("s", "c/1", "w/a");
        Assert.Equal("t", Assert.Single(WillChecker.Check(tale.History)).Text.Split(' ')[0]);
    }

    private Tale Begin(double delay = 0) => _tale.Connecting("c", will: "c/1", delay: delay).Connected("c");

    /// <summary>Whether the first will of the tale is under a duty, and each number of arrivals is judged by it.</summary>
    private static void AssertDuty(WillDuty duty, Tale tale)
    {
        Assert.Equal(duty, WillRule.For(WillLife.Of(tale.History)[0], tale.History).Duty);
        AssertFound(duty == WillDuty.Once ? FindingKind.WillMissing : null, tale);
        tale.Received("s", "c/1", "w/a");
        AssertFound(duty == WillDuty.Never ? FindingKind.WillUnwanted : null, tale);
        tale.Received("s", "c/1", "w/a");
        AssertFound(duty == WillDuty.Never ? FindingKind.WillUnwanted : FindingKind.WillDoubled, tale);
    }

    private static void AssertFound(FindingKind? kind, Tale tale)
    {
        var found = WillChecker.Check(tale.History).Where(static f => f.Text.Contains("\"c/1\"", StringComparison.Ordinal));
        Assert.Equal(kind, found.SingleOrDefault()?.Kind);
    }
}

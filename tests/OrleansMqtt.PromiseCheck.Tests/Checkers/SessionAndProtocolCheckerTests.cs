using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.History;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class SessionAndProtocolCheckerTests
{
    [Fact]
    public void A_session_that_goes_on_is_kept() => Assert.Empty(SessionChecker.Check(
        new Tale().Connecting("c").Connected("c", sessionPresent: false).Killed().Back().Connecting("c").Connected("c").History));

    [Fact]
    public void A_session_that_is_gone_is_lost()
    {
        var tale = new Tale().Connecting("c", cleanStart: true).Connected("c", false).Killed().Back().Connecting("c").Connected("c", false);
        var lost = Assert.Single(SessionChecker.Check(tale.History));
        Assert.Contains(lost.Events, static e => e.Kind == EventKind.Killing);
    }

    [Fact]
    public void A_clean_start_asks_for_no_session() => Assert.Empty(SessionChecker.Check(
        new Tale().Connecting("c", cleanStart: true).Connected("c", false).Connecting("c", cleanStart: true).Connected("c", false).History));

    [Fact]
    public void A_session_without_CONNACK_was_never_promised() => Assert.Empty(SessionChecker.Check(
        new Tale().Connecting("c").Of("c", EventKind.Lost).Connecting("c").Connected("c", false).History));

    [Theory]
    [InlineData(1, nameof(EventKind.Acknowledged), true)]
    [InlineData(2, nameof(EventKind.Acknowledged), false)]
    [InlineData(2, nameof(EventKind.Completed), true)]
    [InlineData(1, nameof(EventKind.Rejected), true)]
    [InlineData(2, nameof(EventKind.Abandoned), true)]
    [InlineData(1, nameof(EventKind.Resent), false)]
    public void A_handshake_ends(int qos, string end, bool isEnd)
    {
        var found = ProtocolChecker.Check(new Tale().Published("p/0/1", qos: qos).About(Enum.Parse<EventKind>(end), "p/0/1").History);
        Assert.Equal(isEnd ? null : FindingKind.Unanswered, found.SingleOrDefault()?.Kind);
    }

    [Fact]
    public void What_MQTT_forbids_is_found() =>
        Assert.Equal(FindingKind.Malformed, Assert.Single(ProtocolChecker.Check(new Tale().Of("c", EventKind.Malformed).History)).Kind);
}

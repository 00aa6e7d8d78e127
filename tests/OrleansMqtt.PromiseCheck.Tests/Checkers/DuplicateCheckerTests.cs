using OrleansMqtt.PromiseCheck.Checkers;
using OrleansMqtt.PromiseCheck.Tests.Harness;

namespace OrleansMqtt.PromiseCheck.Tests.Checkers;

public sealed class DuplicateCheckerTests
{
    [Theory]
    [InlineData(2, 2, 1, 0)]
    [InlineData(2, 1, 0, 1)]
    [InlineData(1, 2, 0, 1)]
    [InlineData(1, 1, 0, 1)]
    public void A_copy_is_forbidden_only_where_both_sides_have_QoS_2(int published, int received, int forbidden, int allowed)
    {
        var history = new Tale().Sent("p/0/1", qos: published).Received("s", "p/0/1", qos: received).Received("s", "p/0/1", qos: received).History;
        Assert.Equal(forbidden, DuplicateChecker.Check(history).Count());
        Assert.Equal(allowed, DuplicateChecker.CountAllowed(history));
    }

    [Fact]
    public void Each_subscriber_may_have_its_own()
    {
        var history = new Tale().Sent("p/0/1", qos: 2).Received("s", "p/0/1", qos: 2).Received("t", "p/0/1", qos: 2).History;
        Assert.Empty(DuplicateChecker.Check(history));
        Assert.Equal(0, DuplicateChecker.CountAllowed(history));
    }

    [Fact]
    public void Each_copy_counts() => Assert.Equal(2, DuplicateChecker.Check(
        new Tale().Sent("p/0/1", qos: 2).Received("s", "p/0/1", qos: 2).Received("s", "p/0/1", qos: 2).Received("s", "p/0/1", qos: 2).History).Count());
}

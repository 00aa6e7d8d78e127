using OrleansMqtt.Cli.Bench.Messages;

namespace OrleansMqtt.Cli.Tests.Messages;

public sealed class AheadLimitTests
{
    private long _slowest;

    [Fact]
    public void A_publisher_far_ahead_goes_on_when_there_is_room_for_a_batch()
    {
        var limit = new AheadLimit(ahead: 10, need: 5, () => _slowest);
        Assert.Equal(10, limit.Room(sent: 0));
        Assert.Equal(0, limit.Room(sent: 10));
        _slowest = 4;
        Assert.False(limit.ShouldWake());
        _slowest = 5;
        Assert.True(limit.ShouldWake());
        Assert.False(limit.ShouldWake()); // Once is enough.
        Assert.Equal(5, limit.Room(sent: 10));
    }

    [Fact]
    public void A_publisher_that_is_not_held_back_is_not_woken()
    {
        var limit = new AheadLimit(ahead: 10, need: 1, () => _slowest);
        limit.Room(sent: 3);
        Assert.False(limit.ShouldWake());
    }
}

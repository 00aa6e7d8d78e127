using OrleansMqtt.Grains.Routing;

namespace OrleansMqtt.Grains.Tests.Routing;

public sealed class LaneStreamsTests
{
    private readonly LaneStreams _streams = new();

    [Fact]
    public void A_publisher_has_one_stream_and_no_other_has_it()
    {
        _streams.Begin(0, 0);
        var stream = _streams.StreamOf("p");
        Assert.NotSame(stream, _streams.StreamOf("q"));
        _streams.Begin(5, 5);
        Assert.Same(stream, _streams.StreamOf("p"));
    }

    [Fact]
    public void A_stream_that_has_failed_is_followed_by_another_when_the_lane_knows()
    {
        _streams.Begin(0, 0);
        _ = _streams.StreamOf("p");
        _streams.Begin(1, 0);
        var failed = _streams.StreamOf("p");
        failed.Fail(new IOException());
        _streams.Begin(2, 0);
        Assert.Same(failed, _streams.StreamOf("p"));
        // The lane has the answer to batch 0, but not that to batch 1.
        _streams.Begin(3, 1);
        Assert.Same(failed, _streams.StreamOf("p"));
        // What was refused in batches 2 and 3 did not take part in it.
        _streams.Begin(4, 2);
        var next = _streams.StreamOf("p");
        Assert.NotSame(failed, next);
        Assert.Null(next.Failure);
        Assert.Same(next, _streams.StreamOf("p"));
    }

    [Fact]
    public void Those_that_have_nothing_on_its_way_are_forgotten()
    {
        _streams.Begin(0, 0);
        var first = _streams.StreamOf("p");
        for (var i = 0; i < 2000; i++) _ = _streams.StreamOf($"{i}");
        _streams.Begin(1, 0);
        Assert.Same(first, _streams.StreamOf("p"));
        for (var i = 0; i < 4000; i++) _ = _streams.StreamOf($"more {i}");
        _streams.Begin(2, 2);
        Assert.NotSame(first, _streams.StreamOf("p"));
    }
}

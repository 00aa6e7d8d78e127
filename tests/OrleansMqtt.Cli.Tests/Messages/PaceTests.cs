using OrleansMqtt.Cli.Bench.Messages;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Cli.Tests.Messages;

public sealed class PaceTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(2);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Messages_become_due_one_after_another()
    {
        var pace = new Pace(rate: 100, offset: 0.5, Tolerance, _time);
        Assert.Equal(0, pace.DueCount(_time.GetTimestamp()));
        _time.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(1, pace.DueCount(_time.GetTimestamp()));
        pace.Take(_time.GetTimestamp());
        Assert.Equal(0, pace.DueCount(_time.GetTimestamp()));
        _time.Advance(TimeSpan.FromMilliseconds(25));
        Assert.Equal(2, pace.DueCount(_time.GetTimestamp()));
    }

    [Fact]
    public void A_message_that_had_to_wait_is_stamped_with_the_time_when_it_was_due()
    {
        var pace = new Pace(rate: 1_000, offset: 0, Tolerance, _time);
        var due = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal(due, pace.Take(_time.GetTimestamp()));
        Assert.Equal(_time.GetTimestamp(), pace.Take(_time.GetTimestamp())); // 2 ms late: that may be the timer.
    }
}

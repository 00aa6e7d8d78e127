using OrleansMqtt.Cli.Bench.Measuring;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class StandstillWatchTests
{
    [Fact]
    public void Time_counts_from_the_last_change()
    {
        var time = new ManualTimeProvider();
        var watch = new StandstillWatch(time);
        Assert.Equal(TimeSpan.Zero, watch.StoodFor(0));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(TimeSpan.FromSeconds(3), watch.StoodFor(0));
        Assert.Equal(TimeSpan.Zero, watch.StoodFor(1));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), watch.StoodFor(1));
    }
}

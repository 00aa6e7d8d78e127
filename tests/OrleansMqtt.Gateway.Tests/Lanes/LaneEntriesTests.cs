using OrleansMqtt.Gateway.Lanes;

namespace OrleansMqtt.Gateway.Tests.Lanes;

public sealed class LaneEntriesTests
{
    [Fact]
    public void The_floor_is_the_first_without_an_outcome_however_many_there_are()
    {
        const int count = 1000;
        var entries = new LaneEntries();
        for (var i = 1; i <= count; i++) entries.Add(new LaneEntry(null, i, null, false));
        for (var number = (long)count; number > 1; number--)
        {
            Assert.False(entries.IsDone(number));
            Assert.Equal((int)number, entries.Finish(number).Size);
            Assert.True(entries.IsDone(number));
        }
        Assert.Equal((1, 1), (entries.Floor, entries.Count));

        entries.Finish(1);
        Assert.Equal((count + 1, count, 0), (entries.Floor, entries.Last, entries.Count));
    }

    [Fact]
    public void What_has_an_outcome_gets_no_other()
    {
        var entries = new LaneEntries();
        entries.Add(new LaneEntry(null, 1, null, false));
        entries.Add(new LaneEntry(null, 2, null, false));
        entries.Finish(2);
        Assert.True(entries.Finish(2).IsDone);
        Assert.Equal(1, entries.Count);
        entries.Finish(1);
        Assert.True(entries.Finish(1).IsDone);
        Assert.Equal(0, entries.Count);
    }
}

using OrleansMqtt.Cli.Bench.Measuring;
using static OrleansMqtt.Cli.Bench.Measuring.SequenceOutcome;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class SequenceTrackerTests
{
    [Theory]
    [InlineData(new long[] { 0, 1, 2 }, InOrder)]
    [InlineData(new long[] { 0, 2 }, InOrder)]
    [InlineData(new long[] { 0, 2, 1 }, Reordered)]
    [InlineData(new long[] { 1, 0 }, Reordered)]
    [InlineData(new long[] { 0, 0 }, Duplicate)]
    [InlineData(new long[] { 0, 2, 1, 1 }, Duplicate)]
    [InlineData(new long[] { 0, 1, 2, 0 }, Duplicate)]
    [InlineData(new long[] { 0, 63, 0 }, Duplicate)]
    [InlineData(new long[] { 0, 64, 1 }, Reordered)]
    [InlineData(new long[] { 0, 64, 0 }, Reordered)] // Too long ago to tell.
    [InlineData(new long[] { 0, 63, 1, 1 }, Duplicate)]
    [InlineData(new long[] { 0, 1_000, 999 }, Reordered)]
    [InlineData(new long[] { 0, 1L << 40, 5 }, Reordered)]
    public void The_last_of_these_is(long[] sequences, object expected)
    {
        var tracker = default(SequenceTracker);
        var last = InOrder;
        foreach (var sequence in sequences) last = tracker.Observe(sequence);
        Assert.Equal(expected, last);
        Assert.Equal(sequences.Max() + 1, tracker.Next);
    }
}

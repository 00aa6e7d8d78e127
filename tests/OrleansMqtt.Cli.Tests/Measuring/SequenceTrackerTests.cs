using OrleansMqtt.Cli.Bench.Measuring;
using static OrleansMqtt.Cli.Bench.Measuring.SequenceOutcome;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class SequenceTrackerTests
{
    [Theory]
    [InlineData(new uint[] { 0, 1, 2 }, InOrder)]
    [InlineData(new uint[] { 0, 2 }, InOrder)]
    [InlineData(new uint[] { 0, 2, 1 }, Reordered)]
    [InlineData(new uint[] { 1, 0 }, Reordered)]
    [InlineData(new uint[] { 0, 0 }, Duplicate)]
    [InlineData(new uint[] { 0, 2, 1, 1 }, Duplicate)]
    [InlineData(new uint[] { 0, 1, 2, 0 }, Duplicate)]
    [InlineData(new uint[] { 0, 63, 0 }, Duplicate)]
    [InlineData(new uint[] { 0, 64, 1 }, Reordered)]
    [InlineData(new uint[] { 0, 64, 0 }, Reordered)] // Too long ago to tell.
    [InlineData(new uint[] { 0, 63, 1, 1 }, Duplicate)]
    [InlineData(new uint[] { 0, 1_000, 999 }, Reordered)]
    [InlineData(new uint[] { 0, uint.MaxValue - 1, 5 }, Reordered)]
    public void The_last_of_these_is(uint[] sequences, object expected)
    {
        var tracker = default(SequenceTracker);
        var last = InOrder;
        foreach (var sequence in sequences) last = tracker.Observe(sequence);
        Assert.Equal(expected, last);
        Assert.Equal(sequences.Max() + 1, tracker.Next);
    }
}

using OrleansMqtt.Cli.Bench.Measuring;

namespace OrleansMqtt.Cli.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void An_empty_one_says_0()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0, 0, 0), (histogram.Count, histogram.Maximum, histogram.Percentile(0.5)));
    }

    [Fact]
    public void Small_values_are_exact()
    {
        var histogram = Of(Enumerable.Range(1, 60).Select(static n => (long)n));
        Assert.Equal((1, 30, 54, 60), (histogram.Percentile(0), histogram.Percentile(0.5), histogram.Percentile(0.9), histogram.Percentile(1)));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(123_456_789)]
    [InlineData((1L << 40) - 1)]
    public void A_value_is_at_most_a_64th_too_high_and_never_too_low(long value)
    {
        var histogram = Of([value, 1L << 41]);
        Assert.InRange(histogram.Percentile(0.5), value, value + (value / 64));
    }

    [Fact]
    public void Percentiles_are_those_of_the_sorted_values()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 100_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).ToArray();
        var histogram = Of(values);
        Array.Sort(values);
        Assert.All((IEnumerable<double>)[0.001, 0.1, 0.5, 0.9, 0.99, 0.999], share =>
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share), exact, exact + (exact / 64));
        });
        Assert.Equal(values[^1], histogram.Percentile(1));
    }

    [Fact]
    public void No_percentile_is_above_the_maximum() => Assert.Equal(1_000_001, Of([1_000_001]).Percentile(0.5));

    [Fact]
    public void A_value_beyond_the_range_is_counted_and_the_maximum_exact()
    {
        var histogram = Of([5, long.MaxValue]);
        Assert.Equal((2, long.MaxValue, 5), (histogram.Count, histogram.Percentile(1), histogram.Percentile(0.5)));
    }

    [Fact]
    public void A_negative_value_counts_as_0() => Assert.Equal((1, 0), (Of([-5]).Count, Of([-5]).Percentile(1)));

    [Fact]
    public void Adding_is_as_recording_all()
    {
        var (one, other) = (Of([1, 2, 3]), Of([10_000, 20_000]));
        one.Add(other);
        var all = Of([1, 2, 3, 10_000, 20_000]);
        Assert.Equal((all.Count, all.Maximum), (one.Count, one.Maximum));
        Assert.Equal(all.Percentile(0.8), one.Percentile(0.8));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void A_share_is_between_0_and_1(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => new LatencyHistogram().Percentile(share));

    private static LatencyHistogram Of(IEnumerable<long> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values) histogram.Record(value);
        return histogram;
    }
}

using System.Numerics;

namespace OrleansMqtt.Cli.Bench.Measuring;

/// <summary>
/// Counts durations in buckets whose width grows with the value, 64 for each power of two: the memory is bounded whatever comes, and a
/// percentile is at most 1.6 % above the true one. One thread records at a time.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    /// <summary>From here on (18 minutes) everything falls into one bucket more; <see cref="Maximum"/> stays exact.</summary>
    private const int HighestBits = 40;

    private const int Beyond = (HighestBits - SubBucketBits + 1) * SubBuckets;

    private readonly long[] _counts = new long[Beyond + 1];

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest duration, in nanoseconds; 0 if there is none.</summary>
    public long Maximum { get; private set; }

    /// <summary>Counts one duration; a negative one as 0.</summary>
    /// <param name="nanoseconds">The duration.</param>
    public void Record(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        _counts[BucketOf(value)]++;
        Count++;
        if (value > Maximum) Maximum = value;
    }

    /// <summary>Counts all that another histogram has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++) _counts[bucket] += other._counts[bucket];
        Count += other.Count;
        Maximum = Math.Max(Maximum, other.Maximum);
    }

    /// <summary>The duration within which a share of all stayed, in nanoseconds: the upper end of its bucket. 0 if there is none.</summary>
    /// <param name="share">0 to 1; 0.99 is the 99th percentile, 1 the maximum.</param>
    public long Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Math.Max(1, Count));
        var counted = 0L;
        for (var bucket = 0; bucket < Beyond; bucket++)
        {
            counted += _counts[bucket];
            if (counted >= rank) return Math.Min(UpperEnd(bucket), Maximum);
        }

        return Maximum;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets) return (int)value;
        if (value >= 1L << HighestBits) return Beyond;
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return ((shift + 1) << SubBucketBits) + (int)((value >> shift) & (SubBuckets - 1));
    }

    /// <summary>The largest value that falls into a bucket.</summary>
    private static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket >> SubBucketBits) - 1;
        var mantissa = (long)(bucket & (SubBuckets - 1)) | SubBuckets;
        return ((mantissa + 1) << shift) - 1;
    }
}

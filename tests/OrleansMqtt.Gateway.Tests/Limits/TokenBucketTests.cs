using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Gateway.Tests.Limits;

public sealed class TokenBucketTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void It_holds_a_burst_and_fills_at_the_rate()
    {
        var bucket = new TokenBucket(_time);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(bucket.Has(10, 5, 1));
            bucket.Take(10, 5, 1);
        }
        Assert.Equal((false, TimeSpan.FromSeconds(0.1)), (bucket.Has(10, 5, 1), bucket.UntilNext(10, 5)));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal((true, 1), (bucket.Has(10, 5, 1), bucket.Tokens(10, 5)));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, bucket.Tokens(10, 5));
    }

    [Fact]
    public void Who_takes_more_than_there_is_waits_until_that_is_paid()
    {
        var bucket = new TokenBucket(_time);
        // More than it ever holds may be taken when it is full.
        Assert.True(bucket.Has(10, 5, 100));
        bucket.Take(10, 5, 100);
        Assert.Equal((false, TimeSpan.FromSeconds(9.6)), (bucket.Has(10, 5, 1), bucket.UntilNext(10, 5)));
        _time.Advance(TimeSpan.FromSeconds(9.6));
        Assert.Equal(TimeSpan.Zero, bucket.UntilNext(10, 5));
        Assert.False(bucket.Has(10, 5, 100));
    }

    [Fact]
    public void Rate_and_burst_may_change()
    {
        var bucket = new TokenBucket(_time);
        bucket.Take(10, 10, 10);
        Assert.Equal(TimeSpan.FromSeconds(0.01), bucket.UntilNext(100, 100));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(20, bucket.Tokens(100, 20));
        Assert.Equal(5, bucket.Tokens(1, 5));
    }
}

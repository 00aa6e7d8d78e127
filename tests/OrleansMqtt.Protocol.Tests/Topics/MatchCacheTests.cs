using System.Runtime.CompilerServices;
using System.Text;
using OrleansMqtt.Protocol.Topics;
using Xunit;

namespace OrleansMqtt.Protocol.Tests.Topics;

public sealed class MatchCacheTests
{
    [Fact]
    public void A_topic_is_remembered_until_the_cache_is_cleared()
    {
        var cache = new MatchCache<string>();
        Assert.Equal("v", cache.Set("t"u8, "v"));
        Assert.Equal(("v", null), (cache.Find("t"u8), cache.Find("u"u8)));
        cache.Clear();

        Assert.Null(cache.Find("t"u8));
        Assert.Equal((0, 0L), (cache.Count, cache.Weight));
    }

    [Fact]
    public void What_was_remembered_is_freed_when_the_cache_is_cleared()
    {
        var cache = new MatchCache<object>();
        var values = Fill(cache);
        cache.Clear();
        GC.Collect();

        Assert.All(values, value => Assert.False(value.TryGetTarget(out _)));
        GC.KeepAlive(cache);
    }

    [Fact]
    public void All_together_never_weigh_more_than_the_bound()
    {
        var cache = new MatchCache<string>(maximumWeight: 100_000);
        for (var i = 0; i < 1000; i++)
        {
            cache.Set(Topic(i), "v", 1000);
            Assert.InRange(cache.Weight, 1000, 100_000);
            Assert.Equal("v", cache.Find(Topic(i)));
        }
    }

    [Fact]
    public void A_value_heavier_than_the_bound_is_remembered_alone()
    {
        var cache = new MatchCache<string>(maximumWeight: 100_000);
        cache.Set("light"u8, "v");
        cache.Set("heavy"u8, "h", 1_000_000);
        Assert.Equal((null, "h"), (cache.Find("light"u8), cache.Find("heavy"u8)));
        cache.Set("light"u8, "v");

        Assert.Equal(("v", null), (cache.Find("light"u8), cache.Find("heavy"u8)));
    }

    [Fact]
    public void The_weight_of_what_gives_way_is_given_back()
    {
        var cache = new MatchCache<string>(capacity: 2);
        for (var i = 0; i < 100; i++) cache.Set(Topic(i), "v", 1000);
        Assert.Equal(2, cache.Count);
        Assert.InRange(cache.Weight, 2000, 2500);
    }

    [Fact]
    public void A_long_topic_is_not_remembered()
    {
        var cache = new MatchCache<string>();
        var (longest, tooLong) = (new byte[MatchCache<string>.MaximumTopicLength], new byte[MatchCache<string>.MaximumTopicLength + 1]);
        Assert.Equal(("a", "b"), (cache.Set(longest, "a"), cache.Set(tooLong, "b")));

        Assert.Equal(("a", null), (cache.Find(longest), cache.Find(tooLong)));
        Assert.Equal(1, cache.Count);
    }

    [Fact]
    public void Finding_a_topic_allocates_nothing()
    {
        var cache = new MatchCache<string>();
        cache.Set("t"u8, "v");
        cache.Find("t"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) cache.Find("t"u8);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // Not inlined, so that no local of the test keeps a value.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference<object>> Fill(MatchCache<object> cache) =>
        [.. Enumerable.Range(0, 100).Select(i => new WeakReference<object>(cache.Set(Topic(i), new object())))];

    private static byte[] Topic(int i) => Encoding.UTF8.GetBytes($"t/{i}");
}

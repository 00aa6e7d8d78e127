using System.Text;
using OrleansMqtt.Gateway.Authorization;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Authorizing;

public sealed class DecisionCacheTests
{
    private readonly DecisionCache _cache = new();

    [Fact]
    public void What_was_decided_is_found_for_the_same_topic_and_kind_and_rules()
    {
        _cache.Set("a/b"u8, 1, 0, ReasonCode.NotAuthorized);
        Assert.Equal(ReasonCode.NotAuthorized, _cache.Find("a/b"u8, 1, 0));
        Assert.Null(_cache.Find("a/b"u8, 0, 0));
        Assert.Null(_cache.Find("a/c"u8, 1, 0));
        Assert.Null(_cache.Find("a/b"u8, 1, 1));
    }

    [Fact]
    public void A_decision_by_former_rules_is_not_remembered_beside_later_ones()
    {
        _cache.Set("new"u8, 0, 2, ReasonCode.Success);
        _cache.Set("old"u8, 0, 1, ReasonCode.Success);
        Assert.Equal(ReasonCode.Success, _cache.Find("new"u8, 0, 2));
        Assert.Null(_cache.Find("old"u8, 0, 2));
    }

    [Fact]
    public void It_is_bounded_and_never_wrong()
    {
        for (var i = 0; i < 5000; i++) _cache.Set(Encoding.ASCII.GetBytes($"topic/{i}"), i % 6, 0, i % 3 == 0 ? ReasonCode.Success : ReasonCode.NotAuthorized);
        Assert.InRange(_cache.Count, DecisionCache.Capacity / 2, DecisionCache.Capacity);
        for (var i = 0; i < 5000; i++)
            if (_cache.Find(Encoding.ASCII.GetBytes($"topic/{i}"), i % 6, 0) is { } found) Assert.Equal(i % 3 == 0 ? ReasonCode.Success : ReasonCode.NotAuthorized, found);
        _cache.Set(new byte[10_000], 0, 0, ReasonCode.Success);
        Assert.Null(_cache.Find(new byte[10_000], 0, 0));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        _cache.Set("a/b"u8, 1, 0, ReasonCode.Success);
        Assert.NotNull(_cache.Find("a/b"u8, 1, 0));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _cache.Find("a/b"u8, 1, 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

using OrleansMqtt.Grains.Leases;
using OrleansMqtt.Grains.Storage;
using OrleansMqtt.Tests;

namespace OrleansMqtt.Grains.Tests.Leases;

public sealed class ClaimTests
{
    private readonly MemoryLeaseStore _store = new(new ManualTimeProvider());

    [Fact]
    public async Task The_latest_has_it_and_the_one_before_learns_so()
    {
        var (first, other) = (await Claim.TakeAsync(_store, "topic/1"), await Claim.TakeAsync(_store, "topic/11"));
        Assert.True(await first.IsHeldAsync());
        var second = await Claim.TakeAsync(_store, "topic/1");

        Assert.Equal((false, true, true), (await first.IsHeldAsync(), await second.IsHeldAsync(), await other.IsHeldAsync()));
        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task It_says_whether_the_one_before_gave_it_back()
    {
        var first = await Claim.TakeAsync(_store, "a");
        await first.ReleaseAsync();
        var second = await Claim.TakeAsync(_store, "a");
        // Too late: it is not the first one's any more.
        await first.ReleaseAsync();
        var third = await Claim.TakeAsync(_store, "a");

        Assert.Equal((false, false, true), (first.WasHeld, second.WasHeld, third.WasHeld));
        Assert.True(first.Epoch < second.Epoch && second.Epoch < third.Epoch);
    }
}

using Orleans.Storage;
using OrleansMqtt.Grains.Tests.Support;
using OrleansMqtt.Leases;

namespace OrleansMqtt.Grains.Tests.Sessions;

/// <summary>What an activation of a session does that was paused, and goes on when another one has the session, though no client has connected since.</summary>
public sealed class SessionFencingTests
{
    // The clock leaps while calls are under way: no silo is to lose its routes for that here.
    private static readonly LeaseTimes Times = new() { Replica = TimeSpan.FromDays(1000), RosterCheck = TimeSpan.FromDays(1000) };
    private readonly LastingStores _stores = new();

    [Fact]
    public async Task What_it_can_not_append_any_more_it_does_not_pass_for_appended()
    {
        await using var first = await _stores.StartFirstAsync(Times);
        Assert.True(await first.Session("s").DeliverAsync([Samples.Entry("one")]));
        await using var second = await _stores.StartSuccessorAsync(Times);
        Assert.True(await second.Session("s").DeliverAsync([Samples.Entry("two")]));
        // Its position is taken by now.
        await Assert.ThrowsAsync<InconsistentStateException>(() => first.Session("s").DeliverAsync([Samples.Entry("three")]));
        Assert.Equal(["one", "two"], await _stores.ReadAsync("s"));

        // That activation has ended: the caller tries again and finds another one.
        Assert.True(await first.Session("s").DeliverAsync([Samples.Entry("three")]));
        Assert.Equal(["one", "two", "three"], await _stores.ReadAsync("s"));
    }
}

using Orleans;
using Orleans.Runtime;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

internal interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan due, TimeSpan period);

    Task Unregister(string name);

    Task<bool> Has(string name);

    Task Deactivate();
}

internal sealed class ReminderGrain : Grain, IReminderGrain, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Unregister(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<bool> Has(string name) => await this.GetReminder(name) is not null;

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Gates.Of(reminderName + (status.CurrentTickTime - status.FirstTickTime)).Arrive();
        return Task.CompletedTask;
    }
}

public class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_reminder_ticks_on_time_and_activates_its_grain()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<IReminderGrain>("a");
        var name = Gates.NewName();
        await grain.Register(name, 2 * Minute, 5 * Minute);
        Assert.True(await grain.Has(name));
        await grain.Deactivate();

        await time.AdvanceAsync(2 * Minute, Gates.Of(name + TimeSpan.Zero).ArrivalAsync());
        await time.AdvanceAsync(5 * Minute, Gates.Of(name + 5 * Minute).ArrivalAsync());
    }

    [Fact]
    public async Task A_reminder_that_was_unregistered_is_gone()
    {
        var (cluster, time) = await TimedCluster.StartAsync();
        await using var _ = cluster;
        var grain = cluster.GrainFactory.GetGrain<IReminderGrain>("a");
        var name = Gates.NewName();
        await grain.Register(name, Minute, Minute);

        await grain.Unregister(name);
        time.Advance(2 * Minute);

        Assert.False(await grain.Has(name));
        Assert.Equal(0, Gates.Of(name + TimeSpan.Zero).Count);
    }

    [Fact]
    public async Task A_period_under_a_minute_is_refused()
    {
        var (cluster, _) = await TimedCluster.StartAsync();
        await using var disposal = cluster;

        await Assert.ThrowsAsync<ArgumentException>(
            () => cluster.GrainFactory.GetGrain<IReminderGrain>("a").Register("short", Minute, Minute / 2));
    }
}

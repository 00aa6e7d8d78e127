using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>Reminders whose table outlives the silo.</summary>
public sealed class StoredReminderTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly TestCluster _cluster;

    public StoredReminderTests()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<ReminderCluster>();
        _cluster = builder.Build();
    }

    private ManualTime Time => (ManualTime)_cluster.GetSiloServiceProvider().GetRequiredService<TimeProvider>();

    private IReminderGrain Grain(string key) => _cluster.GrainFactory.GetGrain<IReminderGrain>(key);

    [Fact]
    public async Task What_was_missed_while_no_silo_ran_comes_once_and_then_as_before()
    {
        var name = Gates.NewName();
        await _cluster.DeployAsync();
        await Grain(name).Register(name, 2 * Minute, 5 * Minute);
        var time = Time;
        await _cluster.StopSiloAsync(_cluster.Primary!);
        // At 2, 7, 12 and 17 minutes.
        time.Advance(18 * Minute);
        await _cluster.StartAdditionalSiloAsync();
        await Gates.Of(name + (16 * Minute)).ArrivalAsync();
        await SettleAsync(name);
        await AdvanceToAsync(22 * Minute, name + (20 * Minute));
        Assert.Equal(1, Gates.Of(name + (16 * Minute)).Count);
    }

    [Fact]
    public async Task What_has_ticked_does_not_tick_again_when_its_silo_comes_back()
    {
        var name = Gates.NewName();
        await _cluster.DeployAsync();
        await Grain(name).Register(name, Minute, 5 * Minute);
        await AdvanceToAsync(Minute, name + TimeSpan.Zero);
        await SettleAsync(name);
        await _cluster.RestartSiloAsync(_cluster.Primary!);
        // The first one that this silo knows of.
        await AdvanceToAsync(6 * Minute, name + TimeSpan.Zero);
        Assert.Equal(2, Gates.Of(name + TimeSpan.Zero).Count);
    }

    [Fact]
    public async Task One_that_was_unregistered_stays_gone()
    {
        var name = Gates.NewName();
        await _cluster.DeployAsync();
        await Grain(name).Register(name, Minute, Minute);
        await Grain(name).Unregister(name);
        await _cluster.RestartSiloAsync(_cluster.Primary!);
        Assert.False(await Grain(name).Has(name));
        await Assert.ThrowsAsync<ArgumentNullException>(() => Grain(name).Unregister(name));
    }

    [Fact]
    public async Task Another_registration_replaces_the_former_one()
    {
        var name = Gates.NewName();
        await _cluster.DeployAsync();
        await Grain(name).Register(name, Minute, Minute);
        await Grain(name).Register(name, 3 * Minute, 5 * Minute);
        await _cluster.RestartSiloAsync(_cluster.Primary!);
        await AdvanceToAsync(3 * Minute, name + TimeSpan.Zero);
        Assert.Equal(1, Gates.Of(name + TimeSpan.Zero).Count);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    // Until the row says that it has ticked.
    private async Task SettleAsync(string name)
    {
        var table = _cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
        while ((await table.ReadRow(GrainId.Create("reminder", name), name))!.StartAt <= Time.GetUtcNow().UtcDateTime) await Task.Yield();
    }

    // From the beginning of the test's time on. A silo that has not read its reminders yet ticks when it has.
    private Task AdvanceToAsync(TimeSpan at, string gate) => Time.AdvanceAsync(at - (Time.GetUtcNow() - ReminderCluster.Begin), Gates.Of(gate).ArrivalAsync());
}

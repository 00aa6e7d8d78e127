using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Reminders;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>What a silo's grains do while it reads the table: what it has read is old by then.</summary>
public sealed class ReminderReadingTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Refresh = new ReminderOptions().RefreshReminderListPeriod;
    private readonly TestCluster _cluster;

    public ReminderReadingTests()
    {
        var builder = new TestClusterBuilder(1);
        builder.AddSiloBuilderConfigurator<Slow>();
        _cluster = builder.Build();
    }

    private SlowTable Table => (SlowTable)_cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();

    private ManualTime Time => (ManualTime)_cluster.GetSiloServiceProvider().GetRequiredService<TimeProvider>();

    [Fact]
    public async Task What_is_registered_meanwhile_ticks()
    {
        await _cluster.DeployAsync();
        var first = Table.Read;
        await first.ArrivalAsync();
        var name = Gates.NewName();
        await _cluster.GrainFactory.GetGrain<IReminderGrain>(name).Register(name, 2 * Refresh, Minute);
        await NextReadingAsync(first);
        await Time.AdvanceAsync(Refresh, Gates.Of(name + TimeSpan.Zero).ArrivalAsync());
    }

    [Fact]
    public async Task What_is_unregistered_meanwhile_does_not_tick()
    {
        await _cluster.DeployAsync();
        var first = Table.Read;
        await first.ArrivalAsync();
        var (name, other) = (Gates.NewName(), Gates.NewName());
        foreach (var reminder in new[] { name, other })
            await Table.UpsertRow(new ReminderEntry { GrainId = GrainId.Create("reminder", name), ReminderName = reminder, StartAt = Time.GetUtcNow().UtcDateTime + Minute, Period = Minute });
        // This one finds both.
        var second = await NextReadingAsync(first);
        await _cluster.GrainFactory.GetGrain<IReminderGrain>(name).Unregister(name);
        await NextReadingAsync(second);
        // Whatever ticked was overdue when the reading was over.
        await Gates.Of(other + (Refresh - Minute)).ArrivalAsync();
        Assert.Equal(0, Gates.Of(name + (Refresh - Minute)).Count);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    // Lets a reading end, and returns when the next one has read and waits.
    private async Task<Gate> NextReadingAsync(Gate reading)
    {
        var next = Table.Read = new Gate();
        reading.Open();
        await Time.TimerSetAsync(Refresh);
        await Time.AdvanceAsync(Refresh, next.ArrivalAsync());
        return next;
    }

    // Says what was there when it was asked, when the gate is open.
    private sealed class SlowTable(IReminderTable inner) : IReminderTable
    {
        public Gate Read { get; set; } = new();

        public async Task<ReminderTableData> ReadRows(uint begin, uint end)
        {
            var gate = Read;
            var rows = await inner.ReadRows(begin, end);
            await gate.PassAsync();
            return rows;
        }

        public Task<ReminderTableData> ReadRows(GrainId grainId) => inner.ReadRows(grainId);

        public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => inner.ReadRow(grainId, reminderName);

        public Task<string?> UpsertRow(ReminderEntry entry) => inner.UpsertRow(entry);

        public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => inner.RemoveRow(grainId, reminderName, eTag);

        public Task TestOnlyClearTable() => inner.TestOnlyClearTable();
    }

    private sealed class Slow : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Services.AddSingleton<TimeProvider>(new ManualTime());
            siloBuilder.Services.AddSingleton<IReminderTable>(new SlowTable(new StorageReminderTable(static () => new MemoryGrainStorage())));
            siloBuilder.UseInMemoryReminderService();
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Hosting;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Network.Tests.Bundled;

internal interface ITickingGrain : IGrainWithStringKey
{
    Task<string> Start();

    Task Stop();
}

internal sealed class TickingGrain(ILocalSiloDetails silo) : Grain, ITickingGrain, IRemindable
{
    public async Task<string> Start()
    {
        await this.RegisterOrUpdateReminder("tick", LostReminderTests.Period, LostReminderTests.Period);
        return silo.Name;
    }

    public async Task Stop() => await this.UnregisterReminder((await this.GetReminder("tick"))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Gates.Of($"{this.GetPrimaryKeyString()} on {silo.Name}").Arrive();
        return Task.CompletedTask;
    }
}

/// <summary>Reminders of grains whose silo goes.</summary>
public class LostReminderTests
{
    /// <summary>Shorter than in earnest, as these silos have no clock that can be moved.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private static readonly ConcurrentDictionary<string, MemoryGrainStorage> Storages = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task They_tick_on_another_silo(bool isKilled)
    {
        var builder = new TestClusterBuilder(3);
        builder.AddSiloBuilderConfigurator<Reminders>();
        await using var cluster = builder.Build();
        await cluster.DeployAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        var key = Gates.NewName();
        var grain = cluster.GrainFactory.GetGrain<ITickingGrain>(key);
        var home = await grain.Start();
        await Gates.Of($"{key} on {home}").ArrivalsAsync(2);

        var others = cluster.Silos.Where(silo => silo.Name != home).ToList();
        var ticks = others.Select(silo => Gates.Of($"{key} on {silo.Name}").ArrivalAsync()).ToList();
        var lost = cluster.Silos.Single(silo => silo.Name == home);
        await (isKilled ? cluster.KillSiloAsync(lost) : cluster.StopSiloAsync(lost));
        var first = await Task.WhenAny(ticks).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var now = others[ticks.IndexOf(first)].Name;

        // And goes on there, until it is unregistered.
        await Gates.Of($"{key} on {now}").ArrivalAsync();
        await grain.Stop();
        var table = cluster.GetSiloServiceProvider().GetRequiredService<IReminderTable>();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
    }

    private sealed class Reminders : ISiloConfigurator
    {
        public void Configure(ISiloBuilder siloBuilder)
        {
            siloBuilder.Services.AddKeyedSingleton<IGrainStorage>(
                "Default", static (services, _) => Storages.GetOrAdd(services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId, static _ => new MemoryGrainStorage()));
            siloBuilder.UseStorageReminderService();
            siloBuilder.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = Period);
        }
    }
}

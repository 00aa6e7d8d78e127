using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Hosting;
using OrleansMqtt.Actors.Persistence;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Tests.Bundled;

/// <summary>Silos that share a storage, reminders in it, and a clock that the test moves; both outlive them.</summary>
internal sealed class ReminderCluster : ISiloConfigurator
{
    private static readonly ConcurrentDictionary<string, (ManualTime Time, MemoryGrainStorage Storage)> Shared = new();

    /// <summary>Where that clock begins.</summary>
    public static DateTimeOffset Begin { get; } = new ManualTime().GetUtcNow();

    public void Configure(ISiloBuilder siloBuilder)
    {
        siloBuilder.Services.AddSingleton<TimeProvider>(static services => Of(services).Time);
        siloBuilder.Services.AddKeyedSingleton<IGrainStorage>("Default", static (services, _) => Of(services).Storage);
        siloBuilder.UseStorageReminderService();
    }

    private static (ManualTime Time, MemoryGrainStorage Storage) Of(IServiceProvider services) =>
        Shared.GetOrAdd(services.GetRequiredService<IOptions<ClusterOptions>>().Value.ClusterId, static _ => (new ManualTime(), new MemoryGrainStorage()));
}

using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Sessions;
using OrleansMqtt.Storage;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Crashes;

/// <summary>The storage of accounts, with the points before and behind each write.</summary>
internal sealed class AccountStorage(IGrainStorage inner, CrashPlan plan, ILocalSiloDetails silo) : IGrainStorage
{
    public const string Name = "accounts";
    private const string InnerName = "accounts-inner";

    public static void AddTo(ISiloBuilder builder, MqttTestStore store, CrashPlan plan)
    {
        store.AddGrainStorageTo(builder, InnerName);
        builder.Services.AddSingleton(plan);
        builder.Services.AddKeyedSingleton<IGrainStorage>(Name, (services, _) =>
            new AccountStorage(services.GetRequiredKeyedService<IGrainStorage>(InnerName), plan, services.GetRequiredService<ILocalSiloDetails>()));
        var log = (ISessionLog)builder.Services.Last(static service => service.ServiceType == typeof(ISessionLog)).ImplementationInstance!;
        builder.Services.AddSingleton<ISessionLog>(services => new CrashingLog(log, plan, services.GetRequiredService<ILocalSiloDetails>()));
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await plan.PassAsync(CrashPoint.BeforeApplied, silo.Name);
        await inner.WriteStateAsync(stateName, grainId, grainState);
        await plan.PassAsync(CrashPoint.AfterApplied, silo.Name);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}

/// <summary>A session log with the points at which a message of the publisher is stored and forgotten.</summary>
internal sealed class CrashingLog(ISessionLog inner, CrashPlan plan, ILocalSiloDetails silo) : ISessionLog
{
    public async ValueTask UpdateAsync(string clientId, long epoch, SessionLogUpdate update)
    {
        var (stores, forgets) = (!update.Stored.IsDefaultOrEmpty, !update.Published.IsDefaultOrEmpty);
        if (stores) await plan.PassAsync(CrashPoint.BeforeStored, silo.Name);
        if (forgets) await plan.PassAsync(CrashPoint.BeforeForgotten, silo.Name);
        await inner.UpdateAsync(clientId, epoch, update);
        if (stores) await plan.PassAsync(CrashPoint.AfterStored, silo.Name);
        if (forgets) await plan.PassAsync(CrashPoint.AfterForgotten, silo.Name);
    }

    public ValueTask<SessionLogExtent> OpenAsync(string clientId, long epoch) => inner.OpenAsync(clientId, epoch);

    public ValueTask<ImmutableArray<long>> AppendAsync(string clientId, long epoch, ImmutableArray<SessionLogEntry> entries) => inner.AppendAsync(clientId, epoch, entries);

    public ValueTask<ImmutableArray<StoredLogEntry>> ReadAsync(string clientId, long from, int maximum) => inner.ReadAsync(clientId, from, maximum);

    public ValueTask<ImmutableArray<InboundMessage>> ReadInboundAsync(string clientId) => inner.ReadInboundAsync(clientId);

    public ValueTask DeleteAsync(string clientId, long epoch) => inner.DeleteAsync(clientId, epoch);
}

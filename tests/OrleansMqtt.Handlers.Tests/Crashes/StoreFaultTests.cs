using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Storage.Specification.Faults;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Crashes;

/// <summary>A store that fails, or answers with a failure after it has written: each message has its effect once.</summary>
public class StoreFaultTests
{
    [Fact]
    public async Task What_a_grain_has_in_memory_and_not_in_its_store_is_forgotten()
    {
        var (faults, store) = (new FaultPlan(), new MqttTestStore());
        var builder = new MqttTestClusterBuilder { Silos = 1, Gateways = 1 }.UseStore(store.AddTo).ConfigureSilo(silo =>
        {
            AccountStorage.AddTo(silo, store, new CrashPlan());
            var inner = silo.Services.Last(static service => service.IsKeyedService && (service.ServiceKey as string) == AccountStorage.Name).KeyedImplementationFactory!;
            silo.Services.AddKeyedSingleton<IGrainStorage>(AccountStorage.Name, (services, name) => new FaultyGrainStorage((IGrainStorage)inner(services, name), faults));
        });
        await using var cluster = await HandlerCluster.StartAsync(builder);
        await using var client = await cluster.Gateways[0].ConnectAsync("payer");
        var account = cluster.Grains.GetGrain<IAccountGrain>("7");
        Fault[][] fates = [[Fault.BeforeWrite], [Fault.AfterWrite], [Fault.BeforeWrite, Fault.AfterWrite], []];
        for (var i = 0; i < fates.Length; i++)
        {
            faults.Next(fates[i]);
            await client.PublishAsync("accounts/7", $"{i + 1}", i % 2 == 0 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce);
            await account.LeaveAsync();
            Assert.Equal(((i + 1) * (i + 2) / 2, i + 1, true), await account.ReadAsync());
        }
    }
}

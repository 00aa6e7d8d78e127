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
        faults.Next(Fault.BeforeWrite, Fault.AfterWrite);
        await client.PublishAsync("accounts/7", "1");
        faults.Next(Fault.AfterWrite);
        await client.PublishAsync("accounts/7", "10", QualityOfService.ExactlyOnce);
        await client.PublishAsync("accounts/7", "100");
        Assert.Equal((111, 3, true), await cluster.Grains.GetGrain<IAccountGrain>("7").ReadAsync());
    }
}

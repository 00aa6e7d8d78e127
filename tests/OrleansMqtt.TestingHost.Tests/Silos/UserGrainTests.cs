namespace OrleansMqtt.TestingHost.Tests.Silos;

public class UserGrainTests
{
    [Fact]
    public async Task A_users_grain_runs_in_the_silos_and_its_state_survives_them()
    {
        var store = new MqttTestStore();
        await using var cluster = await StartAsync(gateways: 0, configure: builder => builder
            .UseStore(store.AddTo)
            .ConfigureSilo(silo => store.AddGrainStorageTo(silo, "archive")));
        var counter = cluster.Grains.GetGrain<ICounterGrain>("counter");
        Assert.Equal(1, await counter.AddAsync());
        var name = await counter.WhereAsync();
        var home = Assert.Single(cluster.Silos, silo => silo.Name == name);
        await cluster.KillSiloAsync(home);
        await cluster.ReadyAsync();
        Assert.NotEqual(name, await counter.WhereAsync());
        Assert.Equal(2, await counter.AddAsync());
    }
}

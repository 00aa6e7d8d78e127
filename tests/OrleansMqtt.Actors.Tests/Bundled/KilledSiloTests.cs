using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;
using OrleansMqtt.Actors.Tests.Turns;

namespace OrleansMqtt.Actors.Tests.Bundled;

public class KilledSiloTests
{
    [Fact]
    public async Task Calls_to_a_killed_silo_fail_at_once_and_nothing_of_it_runs_on()
    {
        await using var cluster = await Cluster.StartAsync();
        var grain = cluster.GrainFactory.GetGrain<ITurnGrain>("a", typeof(TurnGrain).FullName);
        var (first, second) = (Gates.NewName(), Gates.NewName());
        var running = grain.Pass(first);
        await Gates.Of(first).ArrivalAsync();
        var waiting = grain.Pass(second);

        await cluster.KillSiloAsync(cluster.Primary!);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => waiting);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => grain.RunsOnOneScheduler());
        Assert.Equal(0, Gates.Of(second).Count);

        await cluster.StartAdditionalSiloAsync();
        Assert.True(await grain.RunsOnOneScheduler());
    }

    [Fact]
    public async Task A_cluster_without_a_network_gets_no_second_silo()
    {
        await using var cluster = new TestClusterBuilder(1).Build();
        await cluster.DeployAsync();
        var exception = await Assert.ThrowsAsync<NotSupportedException>(() => cluster.StartAdditionalSiloAsync());

        Assert.Contains("InitialSilosCount", exception.Message);
    }
}

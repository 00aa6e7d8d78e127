using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Network.Tests.Clusters;

public class ClusterTests
{
    private const int Grains = 100;

    [Fact]
    public async Task Grains_are_spread_and_found_from_everywhere()
    {
        await using var cluster = await StartAsync(3);
        var silos = await SilosAsync(cluster);
        Assert.Equal(cluster.Silos.Select(static silo => silo.Name).Order(), silos.Distinct().Order());

        // Whichever grain asks, the answer is the same.
        for (var i = 0; i < Grains; i++)
        {
            Assert.Equal(silos[i], await Where(cluster, (i + 1) % Grains).SiloOf(i));
        }
    }

    [Fact]
    public async Task A_stateless_worker_is_called_where_its_caller_is()
    {
        await using var cluster = await StartAsync(3);
        for (var i = 0; i < 10; i++)
        {
            var (own, neighbour) = await cluster.GrainFactory.GetGrain<INeighbourGrain>(i).Silos();
            Assert.Equal(own, neighbour);
        }

        Assert.Contains(await cluster.GrainFactory.GetGrain<ILocalGrain>(0).Silo(), cluster.Silos.Select(static silo => silo.Name));
    }

    [Fact]
    public async Task A_new_silo_gets_its_share_and_only_grains_that_it_wins_move()
    {
        await using var cluster = await StartAsync(2);
        var before = await SilosAsync(cluster);
        var added = await cluster.StartAdditionalSiloAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        var after = await SilosAsync(cluster);

        Assert.Contains(added.Name, after);
        Assert.All(Enumerable.Range(0, Grains), i => Assert.True(after[i] == before[i] || after[i] == added.Name));
    }

    [Fact]
    public async Task Grains_of_a_killed_silo_live_on_elsewhere()
    {
        await using var cluster = await StartAsync(3);
        var before = await SilosAsync(cluster);
        var killed = cluster.Silos[1];
        await cluster.KillSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync();
        var after = await SilosAsync(cluster);

        Assert.DoesNotContain(killed.Name, after);
        Assert.All(Enumerable.Range(0, Grains), i => Assert.True(before[i] == killed.Name || after[i] == before[i]));
        var restarted = await cluster.RestartSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync();
        Assert.Equal(killed.Name, restarted!.Name);
        Assert.Contains(killed.Name, await SilosAsync(cluster));
    }

    [Fact]
    public async Task A_call_that_a_killed_silo_was_carrying_out_fails_at_once()
    {
        await using var cluster = await StartAsync(3);
        var victim = cluster.Silos[2];
        var grain = await OnAsync(cluster, victim);
        var gate = Gates.NewName();
        var call = Where(cluster, grain).Pass(gate);
        await Gates.Of(gate).ArrivalAsync();
        await cluster.KillSiloAsync(victim);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Where(cluster, grain).Silo());
        await cluster.WaitForLivenessToStabilizeAsync();
        Assert.NotEqual(victim.Name, await Where(cluster, grain).Silo());
    }

    /// <summary>In good order nobody notices: calls that are under way end, those that come later go to the new home.</summary>
    [Fact]
    public async Task No_call_fails_while_a_silo_stops()
    {
        await using var cluster = await StartAsync(3);
        var leaving = cluster.Silos[0];
        var grain = await OnAsync(cluster, leaving);
        var gate = Gates.NewName();
        var underWay = Where(cluster, grain).Pass(gate);
        await Gates.Of(gate).ArrivalAsync();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var calls = 0;
            for (var i = worker; !stop.IsCancellationRequested; i += 4, calls++)
            {
                await Where(cluster, i % Grains).Silo();
            }

            return calls;
        })).ToArray();
        var waiting = Where(cluster, grain).Silo();
        var stopping = cluster.StopSiloAsync(leaving);
        Gates.Of(gate).Open();
        Assert.Equal(leaving.Name, await underWay);
        await stopping;
        Assert.Contains(await waiting, cluster.Silos.Select(static silo => silo.Name).Append(leaving.Name));
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(load), static calls => Assert.NotEqual(0, calls));
        Assert.DoesNotContain(leaving.Name, await SilosAsync(cluster));
    }

    [Fact]
    public async Task A_restarted_silo_keeps_no_memory_of_its_grains()
    {
        await using var cluster = await StartAsync(2);
        var silo = cluster.Silos[1];
        var grain = await OnAsync(cluster, silo);
        Assert.Equal(1, await Where(cluster, grain).Add());
        Assert.Equal(2, await Where(cluster, grain).Add());
        await cluster.RestartSiloAsync(silo);
        await cluster.WaitForLivenessToStabilizeAsync();

        Assert.Equal(1, await Where(cluster, grain).Add());
    }

    [Fact]
    public async Task Large_arguments_and_results_cross_whole()
    {
        await using var cluster = await StartAsync(2);
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        foreach (var silo in cluster.Silos)
        {
            Assert.True((await Where(cluster, await OnAsync(cluster, silo)).Echo(bytes)).Span.SequenceEqual(bytes));
        }
    }

    private static async Task<TestCluster> StartAsync(short silos)
    {
        var cluster = new TestClusterBuilder(silos).Build();
        await cluster.DeployAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        return cluster;
    }

    private static IWhereGrain Where(TestCluster cluster, long key) => cluster.GrainFactory.GetGrain<IWhereGrain>(key);

    private static Task<string[]> SilosAsync(TestCluster cluster) => Task.WhenAll(Enumerable.Range(0, Grains).Select(i => Where(cluster, i).Silo()));

    private static async Task<long> OnAsync(TestCluster cluster, SiloHandle silo) => Array.IndexOf(await SilosAsync(cluster), silo.Name);
}

namespace OrleansMqtt.Actors.Network.Tests.Clusters;

public class ClusterTests
{
    [Fact]
    public async Task Grains_are_spread_and_found_from_everywhere()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        var silos = await cluster.WhereAllAsync();
        Assert.Equal(cluster.Silos.Select(static silo => silo.Name).Order(), silos.Distinct().Order());

        // Whichever grain asks, the answer is the same.
        for (var i = 0; i < WhereCluster.Grains; i++)
        {
            Assert.Equal(silos[i], await cluster.Where((i + 1) % WhereCluster.Grains).SiloOf(i));
        }
    }

    [Fact]
    public async Task A_stateless_worker_is_called_where_its_caller_is()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        for (var i = 0; i < 10; i++)
        {
            var (own, neighbour) = await cluster.GrainFactory.GetGrain<INeighbourGrain>(i).Silos();
            Assert.Equal(own, neighbour);
        }

        Assert.Contains(await cluster.GrainFactory.GetGrain<ILocalGrain>(0).Silo(), cluster.Silos.Select(static silo => silo.Name));
    }

    [Fact]
    public async Task Grains_of_a_killed_silo_live_on_elsewhere()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        var before = await cluster.WhereAllAsync();
        var killed = cluster.Silos[1];
        await cluster.KillSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        var after = await cluster.WhereAllAsync();

        Assert.DoesNotContain(killed.Name, after);
        Assert.All(Enumerable.Range(0, WhereCluster.Grains), i => Assert.True(before[i] == killed.Name || after[i] == before[i]));
    }

    [Fact]
    public async Task A_restarted_silo_keeps_no_memory_of_its_grains()
    {
        await using var cluster = await WhereCluster.StartAsync(2);
        var silo = cluster.Silos[1];
        var grain = await cluster.GrainOnAsync(silo);
        Assert.Equal(1, await cluster.Where(grain).Add());
        Assert.Equal(2, await cluster.Where(grain).Add());
        await cluster.RestartSiloAsync(silo);
        await cluster.WaitForLivenessToStabilizeAsync();

        Assert.Equal(1, await cluster.Where(grain).Add());
    }

    [Fact]
    public async Task Large_arguments_and_results_cross_whole()
    {
        await using var cluster = await WhereCluster.StartAsync(2);
        var bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        foreach (var silo in cluster.Silos)
        {
            Assert.True((await cluster.Where(await cluster.GrainOnAsync(silo)).Echo(bytes)).Span.SequenceEqual(bytes));
        }
    }
}

using OrleansMqtt.Actors.Network.Tests.Clusters;

namespace OrleansMqtt.Actors.Network.Tests.Bundled;

/// <summary>Grains are where rendezvous hashing says, and move when that changes. Those of Orleans stay where they have begun.</summary>
public class PlacementTests
{
    [Fact]
    public async Task A_new_silo_gets_its_share_and_only_grains_that_it_wins_move()
    {
        await using var cluster = await WhereCluster.StartAsync(2);
        var before = await cluster.WhereAllAsync();
        var added = await cluster.StartAdditionalSiloAsync();
        await cluster.WaitForLivenessToStabilizeAsync();
        var after = await cluster.WhereAllAsync();

        Assert.Contains(added.Name, after);
        Assert.All(Enumerable.Range(0, WhereCluster.Grains), i => Assert.True(after[i] == before[i] || after[i] == added.Name));
    }

    [Fact]
    public async Task A_restarted_silo_gets_its_share_again()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        var killed = cluster.Silos[1];
        await cluster.KillSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        var restarted = await cluster.RestartSiloAsync(killed);
        await cluster.WaitForLivenessToStabilizeAsync();

        Assert.Equal(killed.Name, restarted!.Name);
        Assert.Contains(killed.Name, await cluster.WhereAllAsync());
    }
}

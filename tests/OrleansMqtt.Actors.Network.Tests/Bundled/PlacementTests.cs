using OrleansMqtt.Actors.Network.Tests.Clusters;
using OrleansMqtt.Actors.Tests.Support;

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
    public async Task Grains_that_are_free_move_before_others_that_still_run_and_those_may_call_them()
    {
        await using var cluster = await WhereCluster.StartAsync(2);
        var gate = Gates.NewName();
        // Half of them are in the middle of a call, which goes on to one of the others.
        var busy = Enumerable.Range(0, WhereCluster.Grains / 2).Select(i => cluster.Where(i).PassAndAsk(gate, i + (WhereCluster.Grains / 2))).ToArray();
        foreach (var _ in busy) await Gates.Of(gate).ArrivalAsync();
        var added = await cluster.StartAdditionalSiloAsync();
        // The others hear of it with their next heartbeat.
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await Task.WhenAll(Enumerable.Range(WhereCluster.Grains / 2, WhereCluster.Grains / 2).Select(i => cluster.Where(i).Silo()))).Contains(added.Name)) guard.Token.ThrowIfCancellationRequested();
        Assert.DoesNotContain(busy, static call => call.IsCompleted);
        Gates.Of(gate).Open();

        Assert.Contains(added.Name, await Task.WhenAll(busy));
        await cluster.WaitForLivenessToStabilizeAsync();
        // Some of those were placed on the new silo as well.
        Assert.Contains(added.Name, (await cluster.WhereAllAsync())[..(WhereCluster.Grains / 2)]);
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

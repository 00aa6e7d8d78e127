using Orleans.Runtime;
using OrleansMqtt.Actors.Network.Tests.Clusters;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Network.Tests.Bundled;

/// <summary>A connection that ends fails the calls that went by it. With Orleans they wait for their time-out, or for the silo to be declared dead.</summary>
public class LostCallTests
{
    [Fact]
    public async Task A_call_that_a_killed_silo_was_carrying_out_fails_at_once()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        var victim = cluster.Silos[2];
        var grain = await cluster.GrainOnAsync(victim);
        var gate = Gates.NewName();
        var call = cluster.Where(grain).Pass(gate);
        await Gates.Of(gate).ArrivalAsync();
        await cluster.KillSiloAsync(victim);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => cluster.Where(grain).Silo());
        await cluster.WaitForLivenessToStabilizeAsync(didKill: true);
        Assert.NotEqual(victim.Name, await cluster.Where(grain).Silo());
    }
}

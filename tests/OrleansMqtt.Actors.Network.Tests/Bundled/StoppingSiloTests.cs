using OrleansMqtt.Actors.Network.Tests.Clusters;
using OrleansMqtt.Actors.Tests.Support;

namespace OrleansMqtt.Actors.Network.Tests.Bundled;

/// <summary>In good order nobody notices: calls that are under way end, those that come later go to the new home. Orleans may lose one on its way by the silo that stops, until its time-out.</summary>
public class StoppingSiloTests
{
    [Fact]
    public async Task No_call_fails_while_a_silo_stops()
    {
        await using var cluster = await WhereCluster.StartAsync(3);
        var leaving = cluster.Silos[0];
        var grain = await cluster.GrainOnAsync(leaving);
        var gate = Gates.NewName();
        var underWay = cluster.Where(grain).Pass(gate);
        await Gates.Of(gate).ArrivalAsync();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var calls = 0;
            for (var i = worker; !stop.IsCancellationRequested; i += 4, calls++)
            {
                await cluster.Where(i % WhereCluster.Grains).Silo();
            }

            return calls;
        })).ToArray();
        var waiting = cluster.Where(grain).Silo();
        var stopping = cluster.StopSiloAsync(leaving);
        Gates.Of(gate).Open();
        Assert.Equal(leaving.Name, await underWay);
        await stopping;
        Assert.Contains(await waiting, cluster.Silos.Select(static silo => silo.Name).Append(leaving.Name));
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(load), static calls => Assert.NotEqual(0, calls));
        Assert.DoesNotContain(leaving.Name, await cluster.WhereAllAsync());
    }
}

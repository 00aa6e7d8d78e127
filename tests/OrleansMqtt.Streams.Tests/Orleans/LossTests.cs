using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Streams.Tests;

/// <summary>Silos die, and what was acknowledged to its publisher is delivered.</summary>
public class LossTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_was_acknowledged_reaches_the_grain_at_least_once_and_in_order_though_a_silo_is_killed(int victim)
    {
        const int Count = 300;
        var name = StreamCluster.NewName();
        await using var cluster = await StreamCluster.StartAsync();
        await cluster.Grains.GetGrain<IListenerGrain>(name).SubscribeAsync($"kept/{name}/#");
        await using var publisher = await cluster.Gateways[0].ConnectAsync(name);
        for (var i = 0; i < Count; i++)
        {
            if (i == Count / 3) await cluster.KillSiloAsync(cluster.Silos[victim]);
            await publisher.PublishAsync($"kept/{name}/x", $"{i}");
        }
        // Repeats go back to one that has come before, and on from there.
        for (var (next, got) = (0, 0); next < Count; next = Math.Max(next, got + 1))
        {
            got = int.Parse(await ListenerGrain.TakeAsync(name), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(got <= next, $"{got} came where {next} is missing.");
        }
    }
}

namespace OrleansMqtt.TestingHost.Tests.Clocks;

/// <summary>The clock of users' grains, which the test moves while the cluster's goes on.</summary>
public class GrainTimeTests
{
    [Fact]
    public async Task A_timer_ticks_as_often_as_it_is_due_and_the_cluster_stays_alive()
    {
        await using var cluster = await StartVirtualAsync();
        var grain = cluster.Grains.GetGrain<ITickingGrain>("minutes");
        await grain.StartAsync(TimeSpan.FromMinutes(1), once: false);
        await AdvanceAsync(cluster, TimeSpan.FromSeconds(59));
        Assert.Equal((0, 0), await grain.ReadAsync());
        await AdvanceAsync(cluster, TimeSpan.FromDays(1));
        Assert.Equal((1440, 86_400), await grain.ReadAsync());
        await using var client = await cluster.Gateways[0].ConnectAsync("client");
        Assert.All(cluster.Silos, static silo => Assert.True(silo.IsActive));
    }

    [Fact]
    public async Task A_reminder_ticks_as_often_as_it_is_due()
    {
        await using var cluster = await StartVirtualAsync();
        var grain = cluster.Grains.GetGrain<ITickingGrain>("reminded");
        await grain.RemindAsync(TimeSpan.FromMinutes(1));
        await AdvanceAsync(cluster, TimeSpan.FromSeconds(59));
        Assert.Equal((0, 0), await grain.ReadAsync());
        await AdvanceAsync(cluster, TimeSpan.FromHours(1));
        Assert.Equal((60, 3600), await grain.ReadAsync());
    }

    [Fact]
    public async Task A_tick_is_over_when_all_that_it_waits_for_is_also_where_it_ends_its_timer()
    {
        await using var cluster = await StartVirtualAsync();
        var grain = cluster.Grains.GetGrain<ITickingGrain>("once");
        await grain.StartAsync(TimeSpan.FromSeconds(1), once: true);
        var gate = TickingGrain.Gate = new TaskCompletionSource();
        try
        {
            var advancing = AdvanceAsync(cluster, TimeSpan.FromSeconds(5));
            Assert.Equal((0, 0), await grain.ReadAsync());
            Assert.False(advancing.IsCompleted);
            gate.SetResult();
            await advancing;
        }
        finally
        {
            TickingGrain.Gate = null;
        }
        Assert.Equal((1, 1), await grain.ReadAsync());
    }

    [Fact]
    public async Task A_tick_ends_with_its_silo()
    {
        await using var cluster = await StartVirtualAsync();
        var name = await cluster.Grains.GetGrain<ITickingGrain>("lost").StartAsync(TimeSpan.FromSeconds(1), once: false);
        TickingGrain.Gate = new TaskCompletionSource();
        try
        {
            var advancing = AdvanceAsync(cluster, TimeSpan.FromSeconds(5));
            await cluster.KillSiloAsync(cluster.Silos.Single(silo => silo.Name == name));
            await advancing;
        }
        finally
        {
            TickingGrain.Gate = null;
        }
    }

    [Fact]
    public async Task Without_a_clock_of_their_own_grains_go_by_the_clusters()
    {
        await using var cluster = await StartAsync(gateways: 0, silos: 1);
        Assert.Same(cluster.TimeProvider, cluster.GrainTime);
        await Assert.ThrowsAsync<InvalidOperationException>(() => AdvanceAsync(cluster, TimeSpan.Zero));
    }

    private static Task<MqttTestCluster> StartVirtualAsync() => StartAsync(gateways: 1, configure: static builder => builder.HasVirtualGrainTime = true);

    private static Task AdvanceAsync(MqttTestCluster cluster, TimeSpan by) => cluster.AdvanceAsync(by, TestContext.Current.CancellationToken);
}

using System.Collections.Immutable;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Upgrades;

/// <summary>Silos are replaced one after the other by such with other handlers, while clients publish. What is acknowledged when handled is handled once, in order.</summary>
public class UpgradeTests
{
    private const int Meters = 6;

    [Fact]
    public async Task Two_versions_of_a_handler_run_side_by_side()
    {
        await using var rolling = await RollingCluster.StartAsync(typeof(FirstMeterGrain<int>));
        var publishers = rolling.Publish("meters", Meters);
        await rolling.ReplaceAsync(publishers, typeof(SecondMeterGrain<int>));
        await rolling.AssertHandledAsync("meter", publishers);
        // The new template, and the state that the first version has begun.
        await using var client = await rolling.Cluster.Gateways[0].ConnectAsync("new");
        await client.PublishAsync("meters/0/kWh", """{"value":7}""");
        Assert.Equal("7 kWh", (await rolling.ReadAsync("meter", "0"))[^1]);
    }

    [Fact]
    public async Task A_version_is_taken_back()
    {
        await using var rolling = await RollingCluster.StartAsync(typeof(SecondMeterGrain<int>));
        var publishers = rolling.Publish("meters", Meters);
        await rolling.ReplaceAsync(publishers, typeof(FirstMeterGrain<int>));
        await rolling.AssertHandledAsync("meter", publishers);
    }

    [Fact]
    public async Task A_new_handler_has_what_the_silos_that_know_it_route()
    {
        await using var rolling = await RollingCluster.StartAsync(typeof(FirstMeterGrain<int>));
        var (meters, alarms) = (rolling.Publish("meters", Meters), rolling.Publish("alarms", Meters));
        await rolling.ReplaceAsync([.. meters, .. alarms], typeof(FirstMeterGrain<int>), typeof(AlarmGrain));
        var before = Array.ConvertAll(alarms, static alarm => alarm.Count);
        await Task.WhenAll(alarms.Select(static alarm => alarm.GoOnAsync(3)));
        await rolling.AssertHandledAsync("meter", meters);
        for (var i = 0; i < alarms.Length; i++)
        {
            await alarms[i].StopAsync();
            // Some it has not had, as old silos have routed them; never twice, never out of order, and in the end all.
            var readings = (await rolling.ReadAsync("alarm", $"{i}")).Select(int.Parse).ToList();
            Assert.Equal(readings.Distinct().Order(), readings);
            Assert.Equal(Enumerable.Range(before[i] + 2, alarms[i].Count - before[i] - 1), readings.Where(number => number > before[i] + 1));
        }
    }

    [Fact]
    public async Task A_handler_that_is_gone_holds_up_nobody()
    {
        await using var rolling = await RollingCluster.StartAsync(typeof(FirstMeterGrain<int>), typeof(AlarmGrain));
        var (meters, alarms) = (rolling.Publish("meters", Meters), rolling.Publish("alarms", Meters));
        await rolling.ReplaceAsync([.. meters, .. alarms], typeof(FirstMeterGrain<int>));
        await Task.WhenAll(alarms.Select(static alarm => alarm.StopAsync()));
        await rolling.AssertHandledAsync("meter", meters);
        Assert.Equal("No active silo has a class of the grain type \"alarm\".", (await Assert.ThrowsAsync<OrleansException>(() => rolling.ReadAsync("alarm", "0"))).Message);
    }

    /// <summary>A cluster whose silos are replaced.</summary>
    private sealed class RollingCluster : IAsyncDisposable
    {
        private Type[] _deployed;

        private RollingCluster(Type[] deployed) => _deployed = deployed;

        public MqttTestCluster Cluster { get; private set; } = null!;

        public static async Task<RollingCluster> StartAsync(params Type[] deployed)
        {
            var rolling = new RollingCluster(deployed);
            var builder = new MqttTestClusterBuilder { Gateways = 1, Silos = 3 }.ConfigureSilo(silo =>
            {
                var classes = rolling._deployed;
                silo.Configure<GrainTypeOptions>(options => options.Classes.UnionWith(classes)).UseTopicHandlers(classes);
            });
            rolling.Cluster = await HandlerCluster.StartAsync(builder);
            return rolling;
        }

        /// <summary>Begins to publish to so many topics.</summary>
        public SteadyPublisher[] Publish(string root, int count) => [.. Enumerable.Range(0, count).Select(i => new SteadyPublisher(Cluster, $"{root}-{i}", $"{root}/{i}"))];

        /// <summary>Replaces all silos; after each one the publishers go on for a while.</summary>
        public async Task ReplaceAsync(SteadyPublisher[] publishers, params Type[] deployed)
        {
            await GoOnAsync();
            _deployed = deployed;
            foreach (var silo in Cluster.Silos)
            {
                await Cluster.RestartSiloAsync(silo);
                await GoOnAsync();
            }

            Task GoOnAsync() => Task.WhenAll(publishers.Select(static publisher => publisher.GoOnAsync(5)));
        }

        public Task<ImmutableArray<string>> ReadAsync(string type, string key) => Cluster.Grains.GetGrain<IMeterGrain>(GrainId.Create(type, key)).ReadAsync();

        /// <summary>Stops the publishers; each message has been handled once, in order.</summary>
        public async Task AssertHandledAsync(string type, SteadyPublisher[] publishers)
        {
            await Task.WhenAll(publishers.Select(static publisher => publisher.StopAsync()));
            for (var i = 0; i < publishers.Length; i++)
                Assert.Equal(Enumerable.Range(1, publishers[i].Count).Select(static number => $"{number}"), await ReadAsync(type, $"{i}"));
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}

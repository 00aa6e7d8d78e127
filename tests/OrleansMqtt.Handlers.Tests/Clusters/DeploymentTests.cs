using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OrleansMqtt.Grains.Handlers;
using OrleansMqtt.Grains.Hosting;
using OrleansMqtt.Handlers.Tests.Grains;
using OrleansMqtt.Handlers.Tests.Support;
using OrleansMqtt.Handlers.Tests.Tables;
using OrleansMqtt.TestingHost;

namespace OrleansMqtt.Handlers.Tests.Clusters;

/// <summary>Which handlers a silo has, and what becomes of them when it goes.</summary>
public class DeploymentTests
{
    private const string Handled = "orleansmqtt.handlers.handled";

    [Fact]
    public async Task A_silo_with_handlers_that_are_wrong_does_not_start()
    {
        var builder = new MqttTestClusterBuilder { Silos = 1, Gateways = 0 };
        builder.ConfigureSilo(static silo => silo.UseTopicHandlers(typeof(PlainHandler)));
        var refusal = await Assert.ThrowsAsync<OrleansConfigurationException>(() => HandlerCluster.StartAsync(builder));
        Assert.Equal("The handler PlainHandler is refused: its class is no grain class of this process.", refusal.Message);
    }

    [Fact]
    public async Task A_silo_has_the_handlers_of_the_process_or_those_that_it_is_told()
    {
        var silos = 0;
        var builder = new MqttTestClusterBuilder { Gateways = 0 };
        builder.ConfigureSilo(silo =>
        {
            if (Interlocked.Increment(ref silos) == 2) silo.UseTopicHandlers(typeof(ThermostatGrain));
        });
        await using var cluster = await HandlerCluster.StartAsync(builder);
        var tables = cluster.Silos.Select(static silo => silo.Services.GetRequiredService<HandlerTable>()).ToList();
        Assert.Superset(new HashSet<string> { nameof(ThermostatGrain), nameof(GateGrain), "TwinGrain.SetAsync" }, tables[0].All.Select(static handler => handler.Name).ToHashSet());
        Assert.Equal([nameof(ThermostatGrain)], tables[1].All.Select(static handler => handler.Name));
    }

    [Fact]
    public async Task What_was_acknowledged_is_handled_when_a_silo_stops()
    {
        var name = $"s{Guid.NewGuid():N}";
        await using var cluster = await HandlerCluster.StartAsync(new MqttTestClusterBuilder { Gateways = 1 });
        await using var client = await cluster.Gateways[0].ConnectAsync(name);
        for (var i = 0; i < 200; i++)
        {
            await client.PublishAsync($"devices/{name}-{i % 20}/telemetry", $$"""{"celsius":{{i}}}""");
            if (i != 100) continue;
            await cluster.StopSiloAsync(cluster.Silos[0]);
        }
        for (var i = 0; i < 200; i++) Assert.Contains($": {i} of", await Inbox.TakeAsync($"{name}-{i % 20}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_by_handler()
    {
        var name = $"m{Guid.NewGuid():N}";
        var builder = new MqttTestClusterBuilder { Silos = 1, Gateways = 1 };
        builder.ConfigureSilo(static silo => silo.UseTopicHandlers(typeof(CountedGrain)));
        await using var cluster = await HandlerCluster.StartAsync(builder);
        await using var client = await cluster.Gateways[0].ConnectAsync(name);
        for (var i = 0; i < 3; i++) await client.PublishAsync($"counted/{name}", "x");
        Assert.Equal([(nameof(CountedGrain), 3L)], Measure());
    }

    private static List<(string Handler, long Count)> Measure()
    {
        var found = new List<(string, long)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == Handled) listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            // Other tests have handlers too.
            if ((string)tags[0].Value! == nameof(CountedGrain) && value > 0) found.Add((nameof(CountedGrain), value));
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return found;
    }
}

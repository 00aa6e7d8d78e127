using OrleansMqtt.TestingHost;
using Xunit;

namespace Thermostats.Tests;

public class ThermostatTests
{
    [Fact]
    public async Task A_device_has_its_highest_temperature_whatever_happens_to_silos()
    {
        var builder = new MqttTestClusterBuilder { Gateways = 1, Silos = 2 }.UseTopicHandlers(typeof(ThermostatGrain));
        await using var cluster = await builder.StartAsync(TestContext.Current.CancellationToken);
        await using var client = await cluster.Gateways[0].ConnectAsync("boiler");
        await client.SubscribeAsync("devices/+/highest");

        // When PublishAsync returns, the handler has returned too.
        await client.PublishAsync("devices/boiler/telemetry", """{"celsius":20.5}""");
        await client.PublishAsync("devices/boiler/telemetry", """{"celsius":19}""");
        Assert.Equal("20.5", await client.ReceiveTextAsync());

        await cluster.KillSiloAsync(cluster.Silos[0]);
        await cluster.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        await client.PublishAsync("devices/boiler/telemetry", """{"celsius":20}""");
        await client.PublishAsync("devices/boiler/telemetry", """{"celsius":21}""");
        Assert.Equal("21", await client.ReceiveTextAsync());
    }
}

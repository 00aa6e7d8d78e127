using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.TestingHost;
using Xunit;

namespace Example.Tests;

public class AlarmTests
{
    [Fact]
    public async Task An_alarm_survives_the_death_of_the_gateway_and_of_a_silo()
    {
        var builder = new MqttTestClusterBuilder { Gateways = 2, Silos = 2 };
        await using var cluster = await builder.StartAsync(TestContext.Current.CancellationToken);

        // A pager that is to miss no alarm, connected to the first gateway.
        await using var pager = await cluster.Gateways[0].ConnectAsync("pager", sessionExpiry: TimeSpan.FromHours(1));
        await pager.SubscribeAsync("alarms/#");

        // Its gateway dies, and a silo with it.
        await cluster.KillGatewayAsync(cluster.Gateways[0]);
        await cluster.KillSiloAsync(cluster.Silos[0]);
        await pager.Closed;
        await cluster.WaitUntilReadyAsync(TestContext.Current.CancellationToken);

        // The alarm comes by the other gateway; when PublishAsync returns, it is in the pager's session.
        await using var sensor = await cluster.Gateways[1].ConnectAsync("sensor");
        await sensor.PublishAsync("alarms/boiler", "too hot", QualityOfService.ExactlyOnce);

        await using var again = await cluster.Gateways[1].ConnectAsync("pager", cleanStart: false, sessionExpiry: TimeSpan.FromHours(1));
        Assert.True(again.ConnAck.SessionPresent);
        Assert.Equal("too hot", await again.ReceiveTextAsync());
    }
}

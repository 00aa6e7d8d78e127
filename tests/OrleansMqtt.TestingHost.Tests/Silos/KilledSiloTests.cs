namespace OrleansMqtt.TestingHost.Tests.Silos;

public class KilledSiloTests
{
    [Fact]
    public async Task Each_silo_in_turn_is_killed_and_started_again_and_nothing_is_lost()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        await using var away = await cluster.Gateways[0].ConnectAsync("away", sessionExpiry: Hour);
        await away.SubscribeAsync("orders");
        await away.DisconnectAsync();
        await using var live = await cluster.Gateways[0].ConnectAsync("live");
        await live.SubscribeAsync("orders");
        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        await publisher.PublishAsync("kept", "retained", retain: true);
        foreach (var silo in cluster.Silos)
        {
            await cluster.KillSiloAsync(silo);
            Assert.False(silo.IsActive);
            // Waits in the gateway until a silo may route.
            await publisher.PublishAsync("orders", $"without {silo}", QualityOfService.ExactlyOnce);
            await cluster.RestartSiloAsync(silo);
            await cluster.ReadyAsync();
        }
        await using var back = await cluster.Gateways[1].ConnectAsync("away", cleanStart: false, sessionExpiry: Hour);
        foreach (var client in new[] { live, back })
            foreach (var silo in cluster.Silos) Assert.Equal($"without {silo}", await client.ReceiveTextAsync());
        await live.SubscribeAsync("kept");
        Assert.Equal("retained", await live.ReceiveTextAsync());
    }

    [Fact]
    public async Task All_silos_killed_at_once_find_everything_in_the_store()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        var subscriber = await cluster.Gateways[0].ConnectAsync("subscriber", sessionExpiry: Hour);
        await subscriber.SubscribeAsync("orders");
        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        await Task.WhenAll(cluster.Silos.Select(cluster.KillSiloAsync));
        var publishing = publisher.PublishAsync("orders", "while there was no silo");
        foreach (var silo in cluster.Silos) await cluster.RestartSiloAsync(silo);
        await publishing;
        await cluster.ReadyAsync();
        await subscriber.DisposeAsync();
        await using var again = await cluster.Gateways[0].ConnectAsync("subscriber", cleanStart: false, sessionExpiry: Hour);
        Assert.Equal("while there was no silo", await again.ReceiveTextAsync());
    }

    [Fact]
    public async Task Publishing_goes_on_while_a_silo_is_stopped_and_another_added()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        await using var subscriber = await cluster.Gateways[0].ConnectAsync("subscriber");
        await subscriber.SubscribeAsync("numbers");
        await using var publisher = await cluster.Gateways[1].ConnectAsync("publisher");
        var changes = ChangeAsync();
        var published = 0;
        do await publisher.PublishAsync("numbers", $"{published++}", QualityOfService.ExactlyOnce);
        while (!changes.IsCompleted);
        await changes;
        for (var i = 0; i < published; i++) Assert.Equal($"{i}", await subscriber.ReceiveTextAsync());

        async Task ChangeAsync()
        {
            var added = await cluster.StartAdditionalSiloAsync();
            Assert.Same(added, cluster.Silos[2]);
            await cluster.StopSiloAsync(cluster.Silos[0]);
            await cluster.ReadyAsync();
        }
    }
}

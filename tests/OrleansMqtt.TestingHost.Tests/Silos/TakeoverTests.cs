namespace OrleansMqtt.TestingHost.Tests.Silos;

/// <summary>A client identifier has one connection, whatever becomes of the silo that knew it.</summary>
public class TakeoverTests
{
    private const int Clients = 12;

    [Fact]
    public async Task Right_after_a_silo_was_killed()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        var former = await ConnectAllAsync(cluster.Gateways[0]);
        await cluster.KillSiloAsync(cluster.Silos[0]);
        // At once: some are refused until the others have noticed, and come back.
        var latest = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => ComeAsync(cluster.Gateways[1], i)));

        await AssertReplacedAsync(former, latest);
    }

    [Fact]
    public async Task When_its_silo_was_stopped_and_another_added_and_all_is_quiet_again()
    {
        await using var cluster = await StartAsync(configure: WithPatientGateways);
        var former = await ConnectAllAsync(cluster.Gateways[0]);
        await cluster.StartAdditionalSiloAsync();
        await cluster.StopSiloAsync(cluster.Silos[0]);
        await cluster.ReadyAsync();
        // None of them has noticed.
        foreach (var client in former) await client.PublishAsync("t", "x");
        var latest = await ConnectAllAsync(cluster.Gateways[1]);

        await AssertReplacedAsync(former, latest);
    }

    private static async Task<MqttTestClient[]> ConnectAllAsync(MqttTestGateway gateway) =>
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => gateway.ConnectAsync($"client-{i}")));

    private static async Task<MqttTestClient> ComeAsync(MqttTestGateway gateway, int number)
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await gateway.ConnectAsync($"client-{number}");
            }
            catch (IOException) when (!guard.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task AssertReplacedAsync(MqttTestClient[] former, MqttTestClient[] latest)
    {
        foreach (var client in former) Assert.Equal(ReasonCode.SessionTakenOver, (await client.Closed)?.ReasonCode);
        foreach (var client in latest)
        {
            await client.PublishAsync("t", "x");
            await client.DisposeAsync();
        }
    }
}

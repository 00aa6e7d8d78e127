using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Hosting;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Leases;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Draining;

/// <summary>A gateway of a cluster that is told to stop.</summary>
public sealed class DrainTests
{
    private static readonly LeaseTimes Times = new() { Gateway = TimeSpan.FromDays(1000), Replica = TimeSpan.FromDays(1000) };

    // One client in a step, and one more at once.
    private static readonly DrainOptions OneAStep = new() { ClientsPerSecond = (int)(1 / Drain.Step.TotalSeconds) };

    private static Task<TestBroker> StartAsync(DrainOptions drain) =>
        TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.Zero, Drain = drain }, cluster: Times);

    /// <summary>The drain, step by step.</summary>
    private sealed class Stepper : IDisposable
    {
        private readonly TestBroker _broker;
        private readonly SemaphoreSlim _resting = new(0);

        public Stepper(TestBroker broker)
        {
            _broker = broker;
            broker.Time.TimerSet += OnTimerSet;
        }

        public async Task RestsAsync() => Assert.True(await _resting.WaitAsync(TestBroker.HangGuard), "The drain neither rests nor ends.");

        public void Advance() => _broker.Time.Advance(Drain.Step);

        public void Dispose()
        {
            _broker.Time.TimerSet -= OnTimerSet;
            _resting.Dispose();
        }

        private void OnTimerSet(TimeSpan due)
        {
            if (due == Drain.Step) _resting.Release();
        }
    }

    [Fact]
    public async Task Clients_go_at_the_rate_and_those_that_are_left_are_served()
    {
        await using var broker = await StartAsync(OneAStep);
        var clients = new List<TestClient>();
        for (var i = 0; i < 6; i++) clients.Add(await broker.ConnectAsync($"c{i}"));
        using var drain = new Stepper(broker);
        var stopped = broker.StopAsync();
        for (var left = 4; left > 0; left--)
        {
            await drain.RestsAsync();
            Assert.Equal(left, broker.Metrics.Connected);
            var served = clients.Where((_, i) => broker.Services.IsConnected($"c{i}")).ToList();
            Assert.Equal(left, served.Count);
            foreach (var client in served) await client.ExpectNothingAsync();
            drain.Advance();
        }
        await stopped;
        foreach (var client in clients) await client.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
    }

    [Fact]
    public async Task When_its_time_is_over_all_that_are_left_go()
    {
        await using var broker = await StartAsync(OneAStep with { MaxTime = 2 * Drain.Step });
        for (var i = 0; i < 10; i++) await broker.ConnectAsync($"c{i}");
        using var drain = new Stepper(broker);
        var stopped = broker.StopAsync();
        foreach (var left in (int[])[8, 7])
        {
            await drain.RestsAsync();
            Assert.Equal(left, broker.Metrics.Connected);
            drain.Advance();
        }
        await stopped;
        Assert.Equal(0, broker.Metrics.Connected);
    }

    [Fact]
    public async Task It_waits_for_nobody_who_has_left_by_himself()
    {
        await using var broker = await StartAsync(OneAStep);
        var clients = new List<TestClient>();
        for (var i = 0; i < 6; i++) clients.Add(await broker.ConnectAsync($"c{i}"));
        using var drain = new Stepper(broker);
        var stopped = broker.StopAsync();
        await drain.RestsAsync();
        for (var i = 0; i < 6; i++)
            if (broker.Services.IsConnected($"c{i}")) await broker.LeaveAsync(clients[i], $"c{i}");
        drain.Advance();
        await stopped;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_clients_are_to_go_they_are_told(bool inCluster)
    {
        var drain = new DrainOptions { ServerReference = "other.example:1883", MaxTime = TimeSpan.Zero };
        await using var broker = await TestBroker.StartAsync(options: new GatewayOptions { SysInterval = TimeSpan.Zero, Drain = drain }, cluster: inCluster ? Times : null);
        var (v5, v3) = (await broker.ConnectAsync("v5"), await broker.ConnectAsync("v3", ProtocolVersion.V311));
        var narrow = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "narrow", MaximumPacketSize = 20 });
        await broker.StopAsync();

        Assert.Equal("other.example:1883", (await v5.ExpectDisconnectAsync(ReasonCode.UseAnotherServer))!.ServerReference);
        Assert.Null((await narrow.ExpectDisconnectAsync(ReasonCode.UseAnotherServer))!.ServerReference);
        await v3.ExpectClosedAsync();
    }
}

using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Connections;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Slow;

/// <summary>A subscriber that stops reading.</summary>
public sealed class SlowConsumerTests
{
    private const int Buffer = 4096;
    private const int OutboxBytes = 8192;
    private const int PayloadBytes = 500;

    [Fact]
    public async Task QoS_0_is_dropped_and_counted_others_get_everything_and_it_recovers()
    {
        await using var broker = await StartAsync();
        var (slow, fast, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("fast"), await broker.ConnectAsync("p"));
        foreach (var client in (TestClient[])[slow, fast]) await client.SubscribeAsync("t");
        const int Messages = 1000;
        for (var i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync("t", Text(i));
            Assert.Equal(Text(i), (await fast.ReceivePublishAsync()).Text());
        }
        // What the broker holds for it: the transport's buffer, the outbox and the message that went over.
        var dropped = broker.Metrics.Dropped(DropReason.SlowConsumer);
        var held = (int)(Messages - dropped);
        Assert.InRange(held, 1, (Buffer + OutboxBytes) / PayloadBytes * 2);

        var received = await slow.ReceiveTextsAsync(held);

        Assert.Equal(Enumerable.Range(0, held).Select(Text), received);
        await slow.ExpectNothingAsync();
        await publisher.PublishAsync("t", "after");
        Assert.Equal("after", (await slow.ReceivePublishAsync()).Text());
        Assert.Equal(dropped, broker.Metrics.Dropped(DropReason.SlowConsumer));
        broker.AssertAccounts();
    }

    [Theory]
    [InlineData(QualityOfService.AtLeastOnce, 0u)]
    [InlineData(QualityOfService.ExactlyOnce, 0u)]
    [InlineData(QualityOfService.AtLeastOnce, 1000u)]
    [InlineData(QualityOfService.ExactlyOnce, 1000u)]
    public async Task QoS_1_and_2_wait_up_to_the_limit_and_come_when_it_reads_again(QualityOfService qos, uint sessionExpiry)
    {
        await using var broker = await StartAsync();
        var (slow, publisher) = (await broker.ConnectAsync("slow", sessionExpiry: sessionExpiry), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        for (var i = 0; i < 200; i++) await publisher.PublishAsync("t", Text(i), qos);
        Assert.True(broker.Metrics.Dropped(DropReason.QueueFull) > 0);

        var received = (await slow.ReceiveAllAsync((int)(200 - broker.Metrics.Dropped(DropReason.QueueFull)))).ConvertAll(p => p.Text());

        Assert.Equal(Enumerable.Range(0, received.Count).Select(Text), received);
        await slow.ExpectNothingAsync();
        Assert.Equal(0, broker.Metrics.Waiting);
        await publisher.PublishAsync("t", "after", qos);
        Assert.Equal("after", (await slow.ReceivePublishAsync()).Text());
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_client_that_reads_nothing_can_still_be_taken_over()
    {
        await using var broker = await StartAsync();
        var (slow, publisher) = (await broker.ConnectAsync("slow", sessionExpiry: 1000), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        for (var i = 0; i < 100; i++) await publisher.PublishAsync("t", Text(i), i % 2 == 0 ? QualityOfService.AtMostOnce : QualityOfService.AtLeastOnce);

        var next = await broker.ConnectAsync("slow", cleanStart: false, sessionExpiry: 1000);

        Assert.True(next.ConnAck!.SessionPresent);
        Assert.Equal(Text(1), (await next.ReceivePublishAsync()).Text());
        broker.Time.Advance(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_client_that_reads_nothing_does_not_hold_up_a_stop()
    {
        await using var broker = await StartAsync();
        var (slow, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        for (var i = 0; i < 100; i++) await publisher.PublishAsync("t", Text(i));
        await publisher.ExpectNothingAsync();
        var ended = broker.EndOf("slow");
        var farewells = new SemaphoreSlim(0);
        broker.Time.TimerSet += due =>
        {
            if (due == ClientConnection.FarewellTime) farewells.Release();
        };
        var stopping = broker.StopAsync();
        // The other client's goodbye comes while the slow one's cannot.
        await publisher.ExpectDisconnectAsync(ReasonCode.ServerShuttingDown);
        for (var client = 0; client < 2; client++) Assert.True(await farewells.WaitAsync(TestBroker.HangGuard, TestContext.Current.CancellationToken));
        broker.Time.Advance(TimeSpan.FromSeconds(10));

        await ended;
        await stopping;
    }

    private static Task<TestBroker> StartAsync() => TestBroker.StartAsync(
        new GatewayLimits { MaxOutboxBytes = OutboxBytes, Session = new SessionLimits { MaxQueuedMessages = 100 } }, serverToClientBuffer: Buffer);

    private static string Text(int number) => $"{number}".PadRight(PayloadBytes, '.');
}

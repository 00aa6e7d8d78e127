using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Authentication;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Authenticating;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Limits;

/// <summary>A client that gets no more than it may: what comes faster waits as for a slow client.</summary>
public sealed class DeliveryRateTests
{
    private static Task<TestBroker> StartAsync(RateLimits rates, int outboxBytes = 4 << 20) => TestBroker.StartAsync(new GatewayLimits { Rates = rates, MaxOutboxBytes = outboxBytes });

    [Theory]
    [InlineData(QualityOfService.AtMostOnce)]
    [InlineData(QualityOfService.AtLeastOnce)]
    public async Task Messages_come_at_the_rate_in_their_order(QualityOfService qos)
    {
        await using var broker = await StartAsync(new RateLimits { MaxClientMessagesOutPerSecond = 10 });
        var (slow, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        for (var i = 0; i < 15; i++) await publisher.PublishAsync("t", $"{i}", qos);
        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"{i}"), await slow.ReceiveTextsAsync(10));
        for (var i = 10; i < 15; i++)
        {
            await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
            broker.Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal($"{i}", await slow.ReceiveTextAsync());
        }
        await publisher.ExpectNothingAsync();
        broker.AssertAccounts();
    }

    [Fact]
    public async Task Bytes_come_at_the_rate_a_large_message_in_parts()
    {
        await using var broker = await StartAsync(new RateLimits { MaxClientBytesOutPerSecond = 1000 });
        var (slow, publisher) = (await broker.ConnectAsync("slow", ProtocolVersion.V311), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        var (large, small) = (new string('x', 10_000), "small");
        foreach (var text in (string[])[large, small]) await publisher.PublishAsync("t", text, QualityOfService.AtLeastOnce);
        var receiving = slow.ReceiveAsync<PublishPacket>();
        for (var second = 0; second < 9; second++)
        {
            await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
            broker.Time.Advance(TimeSpan.FromSeconds(1));
        }
        // CONNACK, SUBACK and 10,006 bytes of the first message are more than ten seconds' worth.
        await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
        Assert.False(receiving.IsCompleted);
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(large, (await receiving).Text());
        Assert.Equal(small, (await slow.ReceiveAsync<PublishPacket>()).Text());
    }

    [Fact]
    public async Task What_gathers_is_bounded_and_nobody_else_waits()
    {
        var limits = new GatewayLimits { Rates = new RateLimits { MaxUserMessagesOutPerSecond = 1 }, MaxOutboxBytes = 4096 };
        await using var broker = await Doors.StartAsync([Asked.NamesakePasswords()], new AuthenticationOptions { AllowAnonymous = true }, limits: limits);
        var (slow, fast, publisher) = (await broker.ConnectAsync(Doors.As("ann", "slow")), await broker.ConnectAsync("fast"), await broker.ConnectAsync("p"));
        var connection = LimitScenarios.ConnectionOf(broker, "slow");
        foreach (var client in (TestClient[])[slow, fast]) await client.SubscribeAsync("t");
        for (var i = 0; i < 100; i++)
        {
            await publisher.PublishAsync("t", $"{i}".PadRight(500));
            Assert.StartsWith($"{i}", await fast.ReceiveTextAsync(), StringComparison.Ordinal);
        }
        Assert.True(broker.Metrics.Dropped(DropReason.SlowConsumer) > 80);
        Assert.InRange(connection.WaitingBytes, 1, 2 * 4096);
        // Its own acknowledgements get through, and it is told why it is closed.
        connection.Close(ReasonCode.AdministrativeAction, "the test");
        await slow.ReceivePublishAsync();
        Packet? last = null;
        while (await slow.ReceiveAsync() is { } packet) last = packet;
        Assert.Equal(ReasonCode.AdministrativeAction, Assert.IsType<DisconnectPacket>(last).ReasonCode);
        broker.AssertAccounts();
    }

    [Fact]
    public async Task A_rate_that_comes_and_goes_holds_for_those_that_are_connected()
    {
        await using var broker = await StartAsync(new RateLimits());
        var (slow, publisher) = (await broker.ConnectAsync("slow"), await broker.ConnectAsync("p"));
        await slow.SubscribeAsync("t");
        broker.Change(limits => limits with { Rates = new RateLimits { MaxClientMessagesOutPerSecond = 1 } });
        for (var i = 0; i < 10; i++) await publisher.PublishAsync("t", $"{i}");
        await publisher.ExpectNothingAsync();
        Assert.Equal("0", await slow.ReceiveTextAsync());
        await Until.HoldsAsync(() => broker.Guards().Pauses.Count == 1);
        broker.Change(limits => limits with { Rates = new RateLimits() });
        broker.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(1, 9).Select(static i => $"{i}"), await slow.ReceiveTextsAsync(9));
    }
}

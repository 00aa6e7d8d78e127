using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using static OrleansMqtt.Gateway.Tests.Wills.WillTests;

namespace OrleansMqtt.Gateway.Tests.Takeover;

public sealed class TakeoverTests
{
    [Theory]
    [InlineData(ProtocolVersion.V50, ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V50, ProtocolVersion.V311)]
    [InlineData(ProtocolVersion.V311, ProtocolVersion.V50)]
    [InlineData(ProtocolVersion.V31, ProtocolVersion.V311)]
    public async Task A_second_connection_ends_the_first_and_goes_on_with_its_session(ProtocolVersion before, ProtocolVersion after)
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        var first = await broker.ConnectAsync("c", before, cleanStart: false, sessionExpiry: 1000);
        await first.SubscribeAsync("t");
        await publisher.PublishAsync("t", "in flight", QualityOfService.ExactlyOnce);
        var sent = await first.ReceiveAsync<PublishPacket>();

        var second = await broker.ConnectAsync("c", after, cleanStart: false, sessionExpiry: 1000);

        await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        Assert.True(second.ConnAck!.SessionPresent);
        var again = await second.ReceivePublishAsync();
        Assert.Equal((sent.PacketId, true, "in flight"), (again.PacketId, again.Duplicate, again.Text()));
        await publisher.PublishAsync("t", "live", QualityOfService.AtLeastOnce);
        Assert.Equal("live", (await second.ReceivePublishAsync()).Text());
        Assert.Equal(2, broker.Metrics.Connected);
    }

    [Theory]
    [InlineData(true, 0u, 0u, true)]
    [InlineData(true, 1000u, 0u, true)]
    [InlineData(true, 1000u, 50u, true)]
    [InlineData(false, 1000u, 0u, true)]
    [InlineData(false, 1000u, 50u, false)]
    [InlineData(false, 0u, 50u, true)]
    public async Task The_will_of_the_connection_taken_over_is_published_unless_its_delay_outlives_it_in_the_same_session(bool clean, uint sessionExpiry, uint delay, bool published)
    {
        await using var broker = await TestBroker.StartAsync();
        var observer = await ObserveAsync(broker);
        var first = await broker.ConnectAsync("c", sessionExpiry: sessionExpiry, will: WillOf("gone", delay));

        await broker.ConnectAsync("c", cleanStart: clean, sessionExpiry: sessionExpiry);

        await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        if (published) Assert.Equal("gone", (await observer.ReceivePublishAsync()).Text());
        broker.Time.Advance(TimeSpan.FromSeconds(100));
        await AssertNoWillAsync(broker, observer);
    }

    [Fact]
    public async Task A_clean_connection_that_takes_over_ends_the_session_before_it()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        var first = await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        await first.SubscribeAsync("t");

        var second = await broker.ConnectAsync("c", ProtocolVersion.V311, cleanStart: true);

        await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        Assert.False(second.ConnAck!.SessionPresent);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
        await second.ExpectNothingAsync();
    }

    [Fact]
    public async Task What_the_old_connection_still_sends_has_no_effect()
    {
        await using var broker = await TestBroker.StartAsync();
        var first = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000);
        await first.ExpectDisconnectAsync(ReasonCode.SessionTakenOver);
        await first.SendAsync(new DisconnectPacket { SessionExpiryInterval = 0 });

        Assert.True((await broker.ConnectAsync("c", cleanStart: false, sessionExpiry: 1000)).ConnAck!.SessionPresent);
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1000u, false)]
    [InlineData(1000u, true)]
    public async Task Of_many_connections_at_once_exactly_one_remains(uint sessionExpiry, bool clean)
    {
        await using var broker = await TestBroker.StartAsync();
        var setUp = await broker.ConnectAsync("c", cleanStart: true, sessionExpiry: sessionExpiry);
        await setUp.SubscribeAsync("t");
        const int Rivals = 40;
        var rivals = Enumerable.Range(0, Rivals).Select(i => broker.Open(i % 2 == 0 ? ProtocolVersion.V50 : ProtocolVersion.V311)).ToArray();
        await Parallel.ForEachAsync(rivals, async (rival, _) => await rival.SendAsync(new ConnectPacket
        {
            Version = rival.Version, ClientId = "c", CleanStart = clean || (sessionExpiry == 0 && rival.Version == ProtocolVersion.V311), SessionExpiryInterval = sessionExpiry,
        }));
        var open = rivals.ToDictionary(ReadToEndAsync);
        while (open.Count > 1)
        {
            var end = await Task.WhenAny(open.Keys);
            open.Remove(end);
            Assert.Equal(ReasonCode.SessionTakenOver, await end);
        }

        Assert.Equal(1, broker.Metrics.Connected);
        var (rest, survivor) = open.Single();
        var ended = broker.EndOf("c");
        await survivor.SendAsync(new DisconnectPacket());
        await Task.WhenAll(ended, rest);
        await broker.ConnectAsync("c", cleanStart: true);
        Assert.Equal((1, 0), (broker.Metrics.Connected, broker.Metrics.Subscriptions));
        var publisher = await broker.ConnectAsync("p");
        Assert.Equal(ReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("t", "x", QualityOfService.AtLeastOnce));
    }

    // Reads until the connection is closed and says why. Without CONNACK, and before 5.0, the broker cannot say: it is taken over.
    private static async Task<ReasonCode> ReadToEndAsync(TestClient client)
    {
        var accepted = false;
        while (true)
        {
            switch (await client.ReceiveAsync())
            {
                case ConnAckPacket: accepted = true; break;
                case DisconnectPacket disconnect:
                    Assert.Null(await client.ReceiveAsync());
                    return disconnect.ReasonCode;
                case null: return accepted && client.Version == ProtocolVersion.V50 ? ReasonCode.UnspecifiedError : ReasonCode.SessionTakenOver;
            }
        }
    }
}

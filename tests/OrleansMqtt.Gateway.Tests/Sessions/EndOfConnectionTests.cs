using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;
using OrleansMqtt.Sessions;

namespace OrleansMqtt.Gateway.Tests.Sessions;

/// <summary>What is under way when a connection ends.</summary>
public sealed class EndOfConnectionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_released_at_the_very_end_is_published_once(bool takeover)
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(configure: store.Install);
        var subscriber = await broker.ConnectAsync("s", sessionExpiry: 1000);
        await subscriber.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p", sessionExpiry: 1000);
        await publisher.SendAsync(new PublishPacket { Topic = "t", Payload = new byte[1], QoS = QualityOfService.ExactlyOnce, PacketId = 5 });
        await publisher.ExpectAsync(PacketType.PubRec, 5);
        store.Close();
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        await store.Entered;
        var end = broker.EndOf("p");
        if (!takeover) publisher.Abort();
        var back = broker.ConnectAsync("p", cleanStart: false, sessionExpiry: 1000);
        store.Open();
        await end;
        publisher = await back;

        // It has not seen PUBCOMP and so says it again.
        await publisher.AcknowledgeAsync(PacketType.PubRel, 5);
        Assert.Equal(PacketType.PubComp, (await publisher.ReceiveAsync<AcknowledgementPacket>()).Type);

        Assert.Single((await subscriber.ReceivePublishAsync()).Payload.ToArray());
        await publisher.PublishAsync("t", "end", QualityOfService.AtLeastOnce);
        Assert.Equal("end", await subscriber.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_publisher_that_the_broker_holds_back_does_not_time_out()
    {
        var store = new GatedStore();
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { ReceiveMaximum = 1 }, configure: store.Install);
        await (await broker.ConnectAsync("s", sessionExpiry: 1000)).SubscribeAsync("t");
        var publisher = await broker.ConnectAsync(new ConnectPacket { ClientId = "p", CleanStart = true, KeepAlive = 10 });
        store.Close();
        await publisher.SendAsync(new PublishPacket { Topic = "t", QoS = QualityOfService.AtLeastOnce, PacketId = 1 });
        await store.Entered;
        broker.Time.Advance(TimeSpan.FromSeconds(100));
        store.Open();

        await publisher.ExpectAsync(PacketType.PubAck, 1);
        await publisher.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_gateway_that_stops_closes_what_has_not_connected_yet()
    {
        await using var broker = await TestBroker.StartAsync();
        var silent = broker.Open();
        await (await broker.ConnectAsync("c")).ExpectNothingAsync();

        await broker.StopAsync();

        await silent.ExpectClosedAsync();
    }

    [Fact]
    public async Task An_expiry_that_the_server_cut_to_zero_may_be_set_again_by_DISCONNECT()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { Session = new SessionLimits { MaxSessionExpirySeconds = 0 } });
        var client = await broker.ConnectAsync("c", sessionExpiry: 100);

        await client.SendAsync(new DisconnectPacket { SessionExpiryInterval = 50 });

        await client.ExpectClosedAsync();
    }
}

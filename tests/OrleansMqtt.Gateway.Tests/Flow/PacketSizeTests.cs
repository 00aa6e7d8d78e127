using OrleansMqtt.Diagnostics;
using OrleansMqtt.Gateway.Limits;
using OrleansMqtt.Gateway.Tests.Harness;
using OrleansMqtt.Protocol.Packets;

namespace OrleansMqtt.Gateway.Tests.Flow;

public sealed class PacketSizeTests
{
    [Fact]
    public async Task A_packet_over_the_brokers_maximum_ends_the_connection()
    {
        await using var broker = await TestBroker.StartAsync(new GatewayLimits { MaxPacketBytes = 1000 });
        var client = await broker.ConnectAsync("c");
        Assert.Equal(1000u, client.ConnAck!.MaximumPacketSize);
        await client.SubscribeAsync("t");
        // Fixed header 3, topic 3, property length 1.
        await client.PublishAsync("t", new string('x', 1000 - 7));
        Assert.Equal(993, (await client.ReceivePublishAsync()).Payload.Length);
        // The announced length is enough; the body never comes.
        await client.SendAsync(new byte[] { 0x30, 0xE6, 0x07 });

        await client.ExpectDisconnectAsync(ReasonCode.PacketTooLarge);
    }

    [Theory]
    [InlineData(QualityOfService.AtMostOnce, 0u)]
    [InlineData(QualityOfService.AtLeastOnce, 0u)]
    [InlineData(QualityOfService.ExactlyOnce, 1000u)]
    public async Task A_message_too_large_for_the_client_is_dropped_and_counted_and_the_next_is_delivered(QualityOfService qos, uint sessionExpiry)
    {
        await using var broker = await TestBroker.StartAsync();
        var small = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "small", MaximumPacketSize = 200, SessionExpiryInterval = sessionExpiry });
        var (large, publisher) = (await broker.ConnectAsync("large"), await broker.ConnectAsync("p"));
        foreach (var client in (TestClient[])[small, large]) await client.SubscribeAsync("t");
        Assert.Equal(ReasonCode.Success, await publisher.PublishAsync("t", new string('x', 300), qos));
        await publisher.PublishAsync("t", "fits", qos);

        Assert.Equal([new string('x', 300), "fits"], await large.ReceiveTextsAsync(2));
        Assert.Equal("fits", (await small.ReceivePublishAsync()).Text());
        await small.ExpectNothingAsync();
        Assert.Equal(1, broker.Metrics.Dropped(DropReason.PacketTooLarge));
        broker.AssertAccounts();
    }

    [Fact]
    public async Task The_maximum_is_inclusive_and_identifiers_and_aliases_count()
    {
        await using var broker = await TestBroker.StartAsync();
        var publisher = await broker.ConnectAsync("p");
        foreach (var (maximum, aliases) in (List<(uint, ushort)>)[(100, 0), (100, 10)])
        {
            var client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", MaximumPacketSize = maximum, TopicAliasMaximum = aliases });
            await client.SubscribeAsync(1, new Subscription { Filter = "topic" });
            // Fixed header 2, topic 7, property length 1, Subscription Identifier 2.
            await publisher.PublishAsync("topic", new string('x', 89));
            await publisher.PublishAsync("topic", new string('y', 88));

            Assert.Equal(new string('y', 88), (await client.ReceivePublishAsync()).Text());
            await client.ExpectNothingAsync();
            await broker.LeaveAsync(client, "c");
        }
    }

    [Fact]
    public async Task A_message_in_flight_that_is_too_large_for_the_next_connection_is_dropped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        var client = await broker.ConnectAsync("c", sessionExpiry: 1000);
        await client.SubscribeAsync("t");
        var publisher = await broker.ConnectAsync("p");
        await publisher.PublishAsync("t", new string('x', 300), QualityOfService.AtLeastOnce);
        await client.ReceiveAsync<PublishPacket>();
        await broker.LoseAsync(client, "c");
        client = await broker.ConnectAsync(new ConnectPacket { Version = ProtocolVersion.V50, ClientId = "c", MaximumPacketSize = 200, SessionExpiryInterval = 1000 });
        await publisher.PublishAsync("t", "fits", QualityOfService.AtLeastOnce);

        Assert.Equal("fits", (await client.ReceivePublishAsync()).Text());
        Assert.Equal(1, broker.Metrics.Dropped(DropReason.PacketTooLarge));
        broker.AssertAccounts();
    }
}
